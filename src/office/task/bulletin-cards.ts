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
  fold,
  form,
  hidden,
  note,
  type Option,
  text,
} from '../../kit/card.ts'
import { formatShort } from '../../kit/time.ts'
import {
  asWhom,
  BULLETIN_LIMITS,
  type Bulletin,
  type BulletinMove,
  type BulletinState,
  bulletinFlow,
  bulletinMovesOpen,
  bulletinName,
  lastBulletinAct,
} from './bulletin.ts'
import { sectionsOf } from './bulletin-document.ts'
import { FOOTNOTES } from './ledger.ts'
import type { Actor, Setting } from './task.ts'

/** The group a bulletin goes to, and how many sit in it. */
export interface Audience {
  name: string
  members: number
}

const COLOURS: Record<BulletinState, Colour> = {
  draft: 'grey',
  submitted: 'yellow',
  returned: 'red',
  issued: 'green',
  cancelled: 'grey',
}

/** A bulletin as somebody sees it; `viewer` undefined = the group it was sent to, where nothing is to be pressed. */
export function bulletinCard(
  bulletin: Bulletin,
  viewer: Actor | undefined,
  audience: Audience | undefined,
  setting: Setting,
): Card {
  const { state, title, issuer } = bulletin
  const issued = state === 'issued'
  const pressable = viewer ? controls(bulletin, viewer, audience, setting) : []
  const drawn = card(
    issued ? `督办通报 · ${bulletinName(bulletin)}` : `督办通报 · ${bulletinFlow.states[state]}`,
    COLOURS[state],
    text(bold(title)),
    ...sectionsOf(bulletin).map(([heading, said]) => text(bold(heading), `:${said}`)),
    issuer ? note(`(${issuer})`) : undefined,
    fold('统计口径', ...FOOTNOTES.map(line => note(line))),
    ...(viewer ? [note(whereTo(audience, issued)), note(lastBulletinAct(bulletin, setting))] : []),
    ...(pressable.length ? [divider, ...pressable] : []),
  )
  return { ...drawn, summary: `[督办通报] ${title}` }
}

function whereTo(audience: Audience | undefined, issued: boolean): string {
  if (!audience) return issued ? '未发送到群。' : '印发时不发送到群,只生成公文。'
  return `${issued ? '已发送到' : '印发时发送到'}“${audience.name}”(${audience.members}人)。`
}

function controls(
  bulletin: Bulletin,
  viewer: Actor,
  audience: Audience | undefined,
  { may }: Setting,
): Array<Block | undefined> {
  const press = (move: BulletinMove): Button => pressOf(bulletin, move, audience)
  const moves = bulletinMovesOpen(bulletin, viewer, may)
  const asking = moves.filter(move => bulletinFlow.moves[move].asks)
  const bare = moves.filter(move => !asking.includes(move))
  return [
    asking.length
      ? form(
          'bulletin',
          [{ kind: 'input', name: 'word', hint: '说明(退回修改须填写)', lines: 2, max: BULLETIN_LIMITS.word }],
          asking.map(press),
        )
      : undefined,
    buttons(
      ...bare.map(press),
      ...(bulletin.state === 'issued'
        ? [{ label: '下载公文', action: 'task.bulletinFile', value: { id: bulletin.id } }]
        : []),
    ),
    standing(bulletin, moves, viewer, may),
  ].filter(block => block !== undefined)
}

/** Says in whose place a deputy would press. */
function standing(of: Bulletin, moves: BulletinMove[], viewer: Actor, may: Setting['may']): Block | undefined {
  const ids = moves.map(move => asWhom(of, bulletinFlow.moves[move].by, viewer, may))
  const names = (viewer.standsFor ?? []).filter(({ id }) => ids.includes(id)).map(({ name }) => name)
  return names.length ? note(`其中须由${names.join('、')}办理的,由您代理。`) : undefined
}

function pressOf({ id, rev }: Bulletin, move: BulletinMove, audience: Audience | undefined): Button {
  const { button } = bulletinFlow.moves[move]
  const confirms: Partial<Record<BulletinMove, string>> = {
    approve: audience
      ? `印发后将发送到“${audience.name}”(${audience.members}人),并生成公文,确定印发吗?`
      : '印发后生成公文,不发送到群,确定印发吗?',
    cancel: '取消后该拟稿作废,确定取消吗?',
  }
  const asks = confirms[move]
  return {
    label: button,
    action: `task.bulletin${move.charAt(0).toUpperCase()}${move.slice(1)}`,
    value: { id, rev },
    ...(move === 'approve' || move === 'submit' ? { style: 'primary' as const } : {}),
    ...(asks ? { confirm: { title: button, text: asks } } : {}),
  }
}

export const NO_GROUP = 'none'

/** The form for its words; its field names are those of `Wording`. */
export function bulletinForm(bulletin: Bulletin, groups: Option[]): Card {
  const part = (
    name: string,
    label: string,
    value: string,
    lines: number,
    max: number = BULLETIN_LIMITS.part,
  ): Field => ({
    kind: 'input',
    name,
    label,
    value,
    max,
    ...(lines > 1 ? { lines } : {}),
  })
  return card(
    '督办通报 · 修改',
    'grey',
    note('通报到单位,不到个人;请勿写入涉密内容。'),
    form(
      'bulletinForm',
      [
        part('title', '标题', bulletin.title, 1, BULLETIN_LIMITS.title),
        part('issuer', '发文单位', bulletin.issuer, 1, BULLETIN_LIMITS.issuer),
        part('overall', '总体情况', bulletin.overall, 4),
        part('good', '办理较好的单位', bulletin.good, 3),
        part('lagging', '进展滞后事项', bulletin.lagging, 3),
        part('problems', '存在问题', bulletin.problems, 3),
        part('demands', '下一步要求', bulletin.demands, 3),
        {
          kind: 'choose',
          name: 'chat',
          label: '印发到群',
          options: [{ value: NO_GROUP, label: '不发送到群' }, ...groups],
          value: bulletin.chat || NO_GROUP,
        },
      ],
      [{ label: '保存', action: 'task.bulletinEdit', style: 'primary', value: { id: bulletin.id, rev: bulletin.rev } }],
    ),
  )
}

/** The latest bulletins. */
export function bulletinsCard(some: Bulletin[], setting: Setting): Card {
  const rows = some.flatMap(one => [
    text(
      bold(one.title),
      ` · ${bulletinName(one)} · ${bulletinFlow.states[one.state]} · ${formatShort(one.movedAt, setting.now)}`,
    ),
    ...[buttons({ label: '查看', action: 'task.bulletinShow', value: { id: one.id } })].filter(
      block => block !== undefined,
    ),
  ])
  return card('督办通报 · 列表', 'blue', ...(rows.length ? rows : [text('还没有您能查看的督办通报。')]))
}

/** What is left of a card whose holder may not see the bulletin (any more). */
export const hiddenBulletin = (): Card => hidden('督办通报', '该通报尚未印发,或您无权查看。')
