import type { Feature, Turn } from '../src/bot/feature.ts'
import type { Card } from '../src/kit/card.ts'
import { Refusal } from '../src/kit/refusal.ts'
import { shorten } from '../src/kit/text.ts'
import { findForm, itemsCard } from '../src/office/todo/cards.ts'

const LONGEST = 100

/** `/查`: by number or words, only what the asker may see. */
export function findOf(subjects: readonly Feature[]): Feature {
  return {
    name: 'find',
    title: '查',
    words: ['查', 'find'],
    about: '按编号或关键词查找我能看到的事项',
    commands: {
      '': {
        usage: '/查 投影仪',
        about: '按编号或关键词查找',
        heavy: true,
        run: async (turn, { text }) => ({
          say: { card: text.trim() ? await search(subjects, turn, text) : findForm(LONGEST) },
          privately: true,
        }),
      },
    },
    actions: {
      search: async (turn, { form }) => ({
        fresh: { card: await search(subjects, turn, typeof form.words === 'string' ? form.words : '') },
      }),
    },
    heavy: ['search'],
  }
}

async function search(subjects: readonly Feature[], turn: Turn, text: string): Promise<Card> {
  const words = text.trim().slice(0, LONGEST)
  if (!words) throw new Refusal('请写明要查的编号或关键词', '/查 投影仪')
  const found = (await Promise.all(subjects.map(subject => subject.find?.(turn, words) ?? []))).flat()
  return itemsCard(`查找“${shorten(words, 20)}”`, found, '没有找到您能查看的相关事项。', '请补充关键词')
}
