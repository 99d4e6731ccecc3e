import type { Answer, Feature, Press, Turn } from '../src/bot/feature.ts'
import { Refusal } from '../src/kit/refusal.ts'
import { feedbackCard, feedbackForm, LONGEST, receiptOf, sentCard } from '../src/office/feedback/cards.ts'
import { adminIds } from './admins.ts'
import { onceFrom } from './once.ts'

const EXAMPLE = '/意见 希望待办能按部门分组'

/** 投诉建议 inside the app (GEN-06): goes to the administrators, with its sender. */
export const feedback: Feature = {
  name: 'feedback',
  title: '意见',
  words: ['意见', 'feedback'],
  about: '向管理员提意见、建议或投诉',
  commands: {
    '': {
      usage: EXAMPLE,
      about: '发送给系统管理员',
      run: async (turn, { text }) =>
        text
          ? { say: { text: receiptOf(await pass(turn, text)) }, privately: true }
          : { say: { card: feedbackForm() }, privately: true },
    },
  },
  actions: { send: sendForm },
}

async function sendForm(turn: Turn, press: Press): Promise<Answer> {
  await onceFrom(turn, press)
  const { form } = press
  const said = typeof form.text === 'string' ? form.text.trim() : ''
  if (!said) throw new Refusal('请写明意见内容', EXAMPLE)
  const receivers = await pass(turn, said)
  return { toast: { kind: 'success', words: '已发送' }, fresh: { card: sentCard(said, receivers) } }
}

/** Answers how many get it. */
async function pass(turn: Turn, said: string): Promise<number> {
  if (said.length > LONGEST) throw new Refusal(`意见请控制在${LONGEST}字以内`)
  const admins = await adminIds(turn)
  if (!admins.length) throw new Refusal('尚未设置系统管理员,意见暂时无人接收')
  turn.record({ feature: 'feedback', act: 'send', data: { receivers: admins.length } })
  const body = { card: feedbackCard(said, turn.who.name || '未知人员', turn.now) }
  for (const person of admins) turn.send({ to: { person }, body })
  return admins.length
}
