import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { Db } from '../db/client.ts'
import { ruleDay } from '../db/holiday.ts'
import { features } from '../handlers/index.ts'
import { seal } from '../src/bot/seal.ts'
import { tick } from '../src/bot/tick.ts'
import { byCommand, byPress } from './authority-table.ts'
import { kinds } from './harness/databases.ts'
import { everybodyIn, type Who } from './harness/everybody.ts'
import {
  differences,
  harmlessFor,
  inOrder,
  type Left,
  lastParcel,
  leaves,
  listening,
  taint,
  takes,
  withWords,
} from './harness/inert.ts'
import { type Carried, carriedBy, mattersIn } from './harness/matters.ts'
import { MORNING, TestOffice } from './harness/office.ts'
import { Trial } from './harness/trial.ts'

/** trust.md F55 and F56: what a person may write so that it would be more than words. */
const HOSTILE: Array<[what: string, before: string, behind: string]> = [
  [
    'mentions, links, pictures, styles, structure',
    '',
    // biome-ignore lint/suspicious/noTemplateCurlyInString: it is what is typed
    '<at id=all></at>[x](http://e.io)![i](img_1)**b**~~d~~`c`"},{"tag":"at"},{"x":"{{7*7}}${7}%s&lt;&#60;:OK:]]></t>',
  ],
  ['formulas, lines, lists, heads', '=1+1', '\n#\u00a0h\n-\u00a0l\n1.\u00a0n\n---\n===\n>\u00a0q;X-ALT:1,\\n'],
]

/** Where the words are not just kept but read for who does what until when. */
const HEARD = ['meeting.noteDecisions', 'meeting.handDecision', 'role.nameDeputy']

const first = (who: string): Who | undefined =>
  who === 'all' ? 'BZ' : (who.split(' ').filter(Boolean)[0] as Who | undefined)
const PRESSER = byPress(first)
const SPEAKER = byCommand(first)
const ACTIONS = features.flatMap(({ name, actions }) => Object.keys(actions).map(move => `${name}.${move}`))
const COMMANDS = features.flatMap(({ words, commands }) =>
  Object.entries(commands).map(([sub, { usage }]) => ({ name: `/${words[0]}${sub && ` ${sub}`}`, usage })),
)

const HEAVY = new Set(
  features.flatMap(({ name, words, heavy = [], commands }) => [
    ...heavy.map(move => `${name}.${move}`),
    ...Object.keys(commands).flatMap(sub => (commands[sub]?.heavy ? [`/${words[0]}${sub && ` ${sub}`}`] : [])),
  ]),
)
const makesFile = ({ call }: Left): boolean => call === 'POST /open-apis/im/v1/files'

/** Of Postgres a sample: what is printed is the same. One that makes a file is among it. */
const sampled = <T>(kind: string, all: readonly T[]): readonly T[] =>
  all.filter((one, i) => kind === 'PGlite' || i % 12 === 5 || one === 'meeting.minutesFile')

describe.each(kinds)('F55 F56 whatever people write comes out as words, on %s', kind => {
  let office: TestOffice
  let ids: Record<Who, string>
  const carried = new Map<string, Carried>()

  beforeAll(async () => {
    office = await TestOffice.open({ kind, wire: 'hasty' })
    ids = await everybodyIn(office)
    const { db } = office.database
    const matters = await mattersIn(db, ids)
    for (const action of ACTIONS) carried.set(action, await carriedBy(db, ids, matters, action))
    // the history is in its chain, so that there is something to export
    while (await seal(office.bot.house.office));
  }, 240_000)
  afterAll(() => office.close())

  /** All that leaves when everything is pressed and said once, each in the office as it is at first, and when a day goes by. */
  async function everything(before: string, behind: string): Promise<Map<string, Left[]>> {
    const out = new Map<string, Left[]>()
    await new Trial(office).apart(async ({ db }) => {
      expect(await taint(db, before, behind)).toBeGreaterThan(50)
      // the process keeps a calendar by its id, and this one has been written past it
      await ruleDay(db, '2026-12-31', 'off', ids.SY, new Date(MORNING))
      let turn = 0
      for (const action of sampled(kind, ACTIONS)) {
        const who = PRESSER.get(action)
        const { value, form } = carried.get(action) ?? { value: {}, form: {} }
        if (!who) continue
        // a plate is held against what a plate may be, and so told in other words
        const words = {
          ...(withWords(form, before, behind) as Carried['form']),
          ...('plate' in form && { plate: form.plate }),
        }
        const message = { message: `om_press${turn}`, chat: `oc_${ids[who]}`, key: `press${turn++}` }
        const press = {
          kind: 'pressed',
          who: ids[who],
          ...message,
          action,
          value: { ...value, action },
          form: words,
          unheard: '',
        } as const
        out.set(action, await apart(db, tx => takes(office, tx, press)))
      }
      for (const { name, usage } of sampled(kind, COMMANDS)) {
        const who = SPEAKER.get(name)
        if (!who) continue
        const rest = {
          message: `om_said${turn}`,
          parent: '',
          root: '',
          attachments: [],
          unheard: [],
          form: 'text' as const,
        }
        const chat = { id: `oc_${ids[who]}`, kind: 'private' as const }
        const said = { kind: 'said' as const, key: `said${turn++}`, who: ids[who], chat, pieces: [usage], ...rest }
        out.set(name, await apart(db, tx => takes(office, tx, said)))
      }
      out.set('the day after', await apart(db, tx => dayAfter(tx)))
    })
    return out
  }

  const apart = <T>(db: Db, run: (tx: Db) => Promise<T>): Promise<T> =>
    new Trial(office, db).apart(({ db: tx }) => run(tx))

  async function dayAfter(db: Db): Promise<Left[]> {
    const listener = listening(office, db)
    const last = await lastParcel(db)
    const tomorrow = new Date(listener.office.clock.now().getTime() + 86_400_000)
    const clock = { ...listener.office.clock, now: () => tomorrow }
    await tick({ ...listener.office, clock })
    await leaves({ ...listener.office, clock }, last)
    return inOrder(listener.left)
  }

  it.each(HOSTILE)(
    '%s',
    async (_, before, behind) => {
      const calm = await everything(harmlessFor(before), harmlessFor(behind))
      const wild = await everything(before, behind)
      const strays = [...calm].flatMap(([act, left]) =>
        HEARD.includes(act) ? [] : differences(left, wild.get(act), act).map(one => one.slice(0, 600)),
      )
      expect(strays).toEqual([])
      // F60: what makes a file is declared to be heavy, so that nobody has it made without measure
      const making = [...calm].filter(([act, left]) => act !== 'the day after' && left.some(makesFile))
      expect(making.length).toBeGreaterThanOrEqual(kind === 'PGlite' ? 6 : 0)
      expect(making.map(([act]) => act).filter(act => !HEAVY.has(act))).toEqual([])
      const all = JSON.stringify([...wild.values()])
      expect(all).not.toMatch(/<f[ />]/)
      expect([...calm.values()].flat().length).toBeGreaterThan(sampled(kind, ACTIONS).length)
    },
    400_000,
  )
})
