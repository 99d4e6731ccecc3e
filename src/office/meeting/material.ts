import { type Block, type Card, card, fields, form, note, type Option, text } from '../../kit/card.ts'
import { Refusal } from '../../kit/refusal.ts'
import { plain, shorten } from '../../kit/text.ts'
import type { Meeting, Setting } from './meeting.ts'
import { headOf } from './notice.ts'

export const MATERIAL_STATES = {
  offered: '待确认',
  passing: '正在发送',
  served: '已发送',
  failed: '未能发送',
  dropped: '不发送',
} as const
export type MaterialState = keyof typeof MATERIAL_STATES

/** A final material that somebody handed in for a meeting. */
export interface Material {
  id: number
  /** Undefined until it is said for which. */
  meeting: number | undefined
  state: MaterialState
  name: string
  message: string
  file: string
  key: string
  maker: string
  movedAt: Date
}

/** Words that make a file a draft (MT-08), also between brackets, spaces or in traditional characters. */
const DRAFTS = ['讨论稿', '征求意见稿', '草案', '初稿', '草稿', '送审稿', '未定稿']

export const MATERIAL_HINT = '会议材料请发送定稿;讨论稿、征求意见稿、草案、初稿不通过机器人发送'

/** @throws Refusal where its name says that it is not final (MT-08). */
export function refuseDraft(name: string): void {
  const bare = plain(name).replace(/[\s_\-—·.()\uff08\uff09【】[\]〔〕《》]/g, '')
  const found = DRAFTS.find(word => bare.includes(word))
  if (found) throw new Refusal(`《${shorten(name, 60)}》的名称含“${found}”。${MATERIAL_HINT}`)
}

/** Asks for which meeting it is; `meetings`: those that whoever sent it organises. */
export function offerCard(
  material: Pick<Material, 'id' | 'name' | 'meeting'>,
  meetings: readonly Meeting[],
  setting: Setting,
): Card {
  const options: Option[] = meetings.map(one => ({ value: String(one.id), label: headOf(one, setting) }))
  const [only] = meetings.length === 1 ? meetings : []
  const drawn = card(
    '会议 · 会议材料',
    'blue',
    fields(['材料', `《${shorten(material.name, 80)}》`], only && ['会议', headOf(only, setting)]),
    text('确认为定稿后,原文件将发送给参加会议的人员和代会人员,以后确认参加的也会收到。'),
    form(
      'material',
      only
        ? []
        : [
            {
              kind: 'choose',
              name: 'meeting',
              label: '用于哪个会议',
              hint: '请选择会议',
              options,
              ...(material.meeting === undefined ? {} : { value: String(material.meeting) }),
              required: true,
            },
          ],
      [
        {
          label: '发送给参会人员',
          action: 'meeting.serve',
          value: { id: material.id, ...(only ? { meeting: only.id } : {}) },
          style: 'primary',
        },
        { label: '不发送', action: 'meeting.dropMaterial', value: { id: material.id } },
      ],
    ),
    note(MATERIAL_HINT),
  )
  return { ...drawn, summary: `[会议] 会议材料待确认:${shorten(material.name, 30)}` }
}

/** What became of it. */
export const settledCard = (
  { name, state }: Pick<Material, 'name' | 'state'>,
  meeting: Meeting | undefined,
  setting: Setting,
): Card =>
  card(
    `会议 · 会议材料${MATERIAL_STATES[state]}`,
    'grey',
    fields(['材料', `《${shorten(name, 80)}》`], meeting && ['会议', headOf(meeting, setting)]),
    state === 'passing' ? note('发送完成后另行告知。') : undefined,
  )

/** Who got which, for whoever organises the meeting, the latest first; `missing`: names of those who come and have not got it. */
export function servedLines(
  some: ReadonlyArray<{ material: Material; got: number; missing: readonly string[] }>,
): Block[] {
  const shown = some.slice(-SHOWN_MATERIALS).reverse()
  return [
    ...shown.flatMap(({ material, got, missing }) => [
      text(`《${shorten(material.name, 60)}》 ${MATERIAL_STATES[material.state]}${got ? ` · 已发${got}人` : ''}`),
      ...(missing.length ? [note(`尚未收到:${someNames(missing)}`)] : []),
    ]),
    ...(some.length > shown.length ? [note(`另有${some.length - shown.length}份较早的材料。`)] : []),
  ]
}

const SHOWN_MATERIALS = 8
const SHOWN = 20
export const someNames = (names: readonly string[]): string =>
  `${names.slice(0, SHOWN).join('、')}${names.length > SHOWN ? `等${names.length}人` : ''}`
