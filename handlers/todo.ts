import type { Feature } from '../src/bot/feature.ts'
import { itemsCard } from '../src/office/todo/cards.ts'
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
        run: async turn => ({ say: { matter: { feature: 'todo', id: turn.who.id } }, privately: true }),
      },
    },
    actions: {},
    draw: async (look, person) =>
      itemsCard('待办', await waitingFor(subjects, look, person), '目前没有待办事项。', '请办理后再次查看'),
  }
}
