import type { Feature } from '../src/bot/feature.ts'
import { readPage } from '../src/kit/pages.ts'
import { Refusal } from '../src/kit/refusal.ts'
import { todoCard } from '../src/office/todo/cards.ts'
import { waitingFor } from './waiting.ts'

/** `/待办`: everything that waits for the person, from all subjects; drawn anew when one of its buttons was pressed. */
export function todoOf(subjects: readonly Feature[]): Feature {
  return {
    name: 'todo',
    title: '待办',
    words: ['待办', 'todo'],
    about: '等我办理的全部事项,按紧急程度排列',
    commands: {
      '': {
        usage: '/待办',
        about: '列出等我办理的事项',
        heavy: true,
        run: async turn => ({ say: { matter: { feature: 'todo', id: turn.who.id } }, privately: true }),
      },
    },
    heavy: ['page'],
    actions: {
      page: async (turn, { value, copy }) => {
        if (copy?.matter.split(' ')[0] !== turn.who.id) throw new Refusal('这是他人的待办', '/待办')
        return { fresh: { matter: { feature: 'todo', id: `${turn.who.id} ${readPage(value.page)}` } } }
      },
    },
    draw: async (look, matter) => {
      const [person = '', page] = matter.split(' ')
      const { items, more } = await waitingFor(subjects, look, person)
      return todoCard(items, more, readPage(Number(page)))
    },
  }
}
