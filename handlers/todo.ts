import type { Answer, Feature, Look, Turn } from '../src/bot/feature.ts'
import type { Card } from '../src/kit/card.ts'
import type { Person } from '../src/kit/person.ts'
import { clockOf, dayIn, formatShort, isWorkday } from '../src/kit/time.ts'
import { byUrgency, itemsCard } from '../src/office/todo/cards.ts'

type Subjects = readonly Feature[]

/** `/待办`: everything that waits for the person, from all subjects; drawn anew when one of its buttons was pressed. */
export function todoOf(subjects: Subjects): Feature {
  return {
    name: 'todo',
    title: '待办',
    words: ['待办', 'todo'],
    about: '等我办理的全部事项,按紧急程度排列',
    commands: { '': { usage: '/待办', about: '列出等我办理的事项', run: showMine('todo') } },
    actions: {},
    draw: async (look, matter) =>
      itemsCard('待办', await waiting(subjects, look, matter), '目前没有待办事项。', '请办理后再次查看'),
  }
}

/** `/今日`: what of it is due today or overdue. */
export function todayOf(subjects: Subjects): Feature {
  return {
    name: 'today',
    title: '今日',
    words: ['今日', 'today'],
    about: '我今天的安排:到期事项',
    commands: { '': { usage: '/今日', about: '列出今天到期和逾期的事项', run: showMine('today') } },
    actions: {},
    draw: (look, matter) => todayCard(subjects, look, matter),
  }
}

/** `/查`: by words, only what the asker may see. */
export function findOf(subjects: Subjects): Feature {
  return {
    name: 'find',
    title: '查',
    words: ['查', 'find'],
    about: '按编号或关键词查找我能看到的事项',
    commands: {
      '': {
        usage: '/查 投影仪',
        about: '按关键词查找',
        run: (turn, said) => search(subjects, turn, said.text.trim().slice(0, 100)),
      },
    },
    actions: {},
  }
}

/** Private lists are cards of their own: their matter is the person who looks. */
function showMine(feature: string) {
  return async (turn: Turn): Promise<Answer> => ({ say: { matter: { feature, id: turn.who.id } }, privately: true })
}

async function waiting(subjects: Subjects, look: Look, person: string) {
  const who: Person = { id: person, name: '', departments: [], leader: undefined, active: true }
  const all = await Promise.all(subjects.map(subject => subject.todo?.({ ...look, who }) ?? []))
  return byUrgency(all.flat())
}

async function todayCard(subjects: Subjects, look: Look, person: string): Promise<Card> {
  const today = dayIn(look.now)
  const due = (await waiting(subjects, look, person)).filter(
    item => item.urgency < Number.MAX_SAFE_INTEGER && dayIn(new Date(item.urgency)) <= today,
  )
  const day = formatShort(today, look.now)
  const mark = isWorkday(today) ? '' : '(休息日)'
  return itemsCard(`今日 · ${day}${mark}`, due, `截至${clockOf(look.now)},今天没有到期事项。`, '请发送 /待办 查看')
}

async function search(subjects: Subjects, turn: Turn, words: string): Promise<Answer> {
  if (!words) return { say: { text: '请写明要查的编号或关键词,例如:/查 投影仪' }, privately: true }
  const found = (await Promise.all(subjects.map(subject => subject.find?.(turn, words) ?? []))).flat()
  return {
    say: { card: itemsCard(`查找“${words.slice(0, 20)}”`, found, '没有找到您能查看的相关事项。', '请补充关键词') },
    privately: true,
  }
}
