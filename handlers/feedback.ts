import type { Feature } from '../src/bot/feature.ts'
import { card, note, text } from '../src/kit/card.ts'
import { Refusal } from '../src/kit/refusal.ts'
import { shorten } from '../src/kit/text.ts'
import { formatShort } from '../src/kit/time.ts'
import { adminIds } from './admins.ts'

const LONGEST = 500

/** 投诉建议 inside the app (GEN-06): goes to the administrators, with its sender. */
export const feedback: Feature = {
  name: 'feedback',
  title: '意见',
  words: ['意见', 'feedback'],
  about: '向管理员提意见、建议或投诉',
  commands: {
    '': {
      usage: '/意见 希望待办能按部门分组',
      about: '发送给系统管理员',
      run: async (turn, { text: said }) => {
        if (!said) throw new Refusal('请写明意见内容', '/意见 希望待办能按部门分组')
        if (said.length > LONGEST) throw new Refusal(`意见请控制在${LONGEST}字以内`)
        const admins = await adminIds(turn)
        if (!admins.length) throw new Refusal('尚未设置系统管理员,意见暂时无人接收')
        turn.record({ feature: 'feedback', act: 'send', data: { text: said } })
        const body = {
          card: {
            ...card(
              '意见',
              'blue',
              text(said),
              note(`${turn.who.name || '未知人员'} · ${formatShort(turn.now, turn.now)}`),
            ),
            summary: `意见:${shorten(said, 30)}`,
          },
        }
        for (const person of admins) turn.send({ to: { person }, body })
        return { say: { text: `您的意见已发送给系统管理员(${admins.length}人)。` }, privately: true }
      },
    },
  },
  actions: {},
}
