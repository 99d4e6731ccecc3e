import {
  type Block,
  type Button,
  bold,
  buttons,
  type Card,
  type Colour,
  card,
  divider,
  type Field,
  fields,
  form,
  hidden,
  note,
  type Option,
  table,
  text,
} from '../../kit/card.ts'
import { formatMonth, formatShort } from '../../kit/time.ts'
import { hundredths, yuan } from './accounts.ts'
import {
  lastPublicationAct,
  PUBLICATION_LIMITS,
  type Publication,
  type PublicationMove,
  type PublicationRow,
  type PublicationState,
  publicationFlow,
  publicationMovesOpen,
} from './publication.ts'
import type { Actor, Setting } from './trip.ts'

/** The group it goes to, and how many sit in it. */
export interface Audience {
  name: string
  members: number
}

const COLOURS: Record<PublicationState, Colour> = {
  draft: 'grey',
  submitted: 'yellow',
  returned: 'red',
  approved: 'blue',
  issued: 'green',
  cancelled: 'grey',
}

/** So many rows stand on the card; the file has all. */
export const ROWS_SHOWN = 20
export const HEADS = ['日期', '事由', '地点', '车辆', '里程', '用油(升)', '费用(元)']

export const LEFT_OUT = '不含机要通信、执法办案用车;合乘的按一次出车列示。'

/** As somebody sees it; `viewer` undefined = the group it was sent to, where nothing is to be pressed. */
export function publicationCard(
  of: Publication,
  rows: PublicationRow[],
  viewer: Actor | undefined,
  about: { audience: Audience | undefined; unsettled: number },
  setting: Pick<Setting, 'now' | 'names' | 'may'>,
): Card {
  const { state, title, issuer, remark, runs, km, cents, without } = of
  const pressable = viewer ? controls(of, viewer, about.audience, setting) : []
  const drafted = state === 'draft' || state === 'returned'
  const drawn = card(
    `用车公示 · ${formatMonth(of.month)} · ${publicationFlow.states[state]}`,
    COLOURS[state],
    text(bold(title)),
    fields(['出车次数', `${runs}次`], ['行驶里程', `${km}公里`], ['费用', `${yuan(cents)}元`]),
    rows.length ? table(HEADS, rows.slice(0, ROWS_SHOWN).map(cellsOf)) : text('本月没有可以公示的用车。'),
    note(`${runs > ROWS_SHOWN ? `以上为前${ROWS_SHOWN}次,全部见公示表文件。` : ''}${LEFT_OUT}`),
    remark ? text(remark) : undefined,
    issuer ? note(`(${issuer})`) : undefined,
    ...(viewer && drafted && about.unsettled
      ? [text(`本月还有${about.unsettled}单未回场或未核对完成,核对后请点“修改”重新生成。`)]
      : []),
    ...(viewer && without && state !== 'issued' ? [note(`不公示的单号:${without}`)] : []),
    ...(viewer ? [note(whereTo(about.audience, state === 'issued')), note(lastPublicationAct(of, setting))] : []),
    ...(pressable.length ? [divider, ...pressable] : []),
  )
  return { ...drawn, summary: `[用车公示] ${title}` }
}

const cellsOf = ({ on, purpose, destination, plate, km, litres, cents }: PublicationRow): string[] => [
  `${Number(on.slice(5, 7))}月${Number(on.slice(8))}日`,
  purpose,
  destination,
  plate,
  km === undefined ? '—' : String(km),
  litres ? hundredths(litres) : '—',
  yuan(cents),
]

function whereTo(audience: Audience | undefined, issued: boolean): string {
  if (!audience) return issued ? '未发送到群。' : '印发时不发送到群,只生成公示表。'
  return `${issued ? '已发送到' : '印发时发送到'}“${audience.name}”(${audience.members}人)。`
}

function controls(
  of: Publication,
  viewer: Actor,
  audience: Audience | undefined,
  { may }: Pick<Setting, 'may'>,
): Block[] {
  const moves = publicationMovesOpen(of, viewer, may)
  const asking = moves.filter(move => publicationFlow.moves[move].asks)
  const bare = moves.filter(move => !asking.includes(move))
  return [
    asking.length
      ? form(
          'publication',
          [{ kind: 'input', name: 'word', hint: '说明(退回修改须填写)', lines: 2, max: PUBLICATION_LIMITS.word }],
          asking.map(move => pressOf(of, move, audience)),
        )
      : undefined,
    buttons(
      ...bare.map(move => pressOf(of, move, audience)),
      ...(of.state === 'cancelled'
        ? []
        : [{ label: '下载公示表', action: 'car.publicationFile', value: { id: of.id } }]),
    ),
  ].filter(block => block !== undefined)
}

function pressOf({ id, rev }: Publication, move: PublicationMove, audience: Audience | undefined): Button {
  const { button } = publicationFlow.moves[move]
  const confirms: Partial<Record<PublicationMove, string>> = {
    issue: audience
      ? `印发后将发送到“${audience.name}”(${audience.members}人),确定印发吗?`
      : '印发后生成公示表,不发送到群,确定印发吗?',
    cancel: '取消后该拟稿作废,确定取消吗?',
  }
  const asks = confirms[move]
  return {
    label: button,
    action: `car.publication${move.charAt(0).toUpperCase()}${move.slice(1)}`,
    value: { id, rev },
    ...(move === 'approve' || move === 'submit' || move === 'issue' ? { style: 'primary' as const } : {}),
    ...(asks ? { confirm: { title: button, text: asks } } : {}),
  }
}

export const NO_GROUP = 'none'

/** The form for its words; its field names are those of `PublicationWords`. */
export function publicationForm(of: Publication, groups: Option[]): Card {
  const part = (name: 'title' | 'issuer' | 'remark' | 'without', label: string, lines: number, hint = ''): Field => ({
    kind: 'input',
    name,
    label,
    value: of[name],
    max: PUBLICATION_LIMITS[name],
    ...(hint ? { hint } : {}),
    ...(lines > 1 ? { lines } : {}),
  })
  return card(
    '用车公示 · 修改',
    'grey',
    note('保存时按当前的用车和费用记录重新生成公示表;请勿写入涉密内容和个人电话。'),
    form(
      'publicationForm',
      [
        part('title', '标题', 1),
        part('issuer', '发布单位', 1),
        part('remark', '说明', 3, '如监督电话由办公室另行公布'),
        part('without', '不公示的单号', 1, '派〔2026〕86号、派〔2026〕90号'),
        {
          kind: 'choose',
          name: 'chat',
          label: '印发到群',
          options: [{ value: NO_GROUP, label: '不发送到群' }, ...groups],
          value: of.chat || NO_GROUP,
        },
      ],
      [{ label: '保存', action: 'car.publicationEdit', style: 'primary', value: { id: of.id, rev: of.rev } }],
    ),
  )
}

/** The latest ones. */
export function publicationsCard(some: Publication[], now: Date): Card {
  const rows = some.flatMap(one => [
    text(bold(one.title), ` · ${publicationFlow.states[one.state]} · ${formatShort(one.movedAt, now)}`),
    ...[buttons({ label: '查看', action: 'car.publicationShow', value: { id: one.id } })].filter(
      block => block !== undefined,
    ),
  ])
  return card('用车公示 · 列表', 'blue', ...(rows.length ? rows : [text('还没有您能查看的公示。')]))
}

/** What is left of a card whose holder may not see it (any more). */
export const hiddenPublication = (): Card => hidden('用车公示', '该公示尚未印发,或您无权查看。')
