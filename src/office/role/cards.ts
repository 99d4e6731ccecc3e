import {
  type Block,
  bold,
  buttons,
  type Card,
  card,
  fields,
  note,
  type Piece,
  text,
  type Value,
} from '../../kit/card.ts'
import { ROLES, type RoleCode } from './role.ts'

export interface Holder {
  role: string
  name: string
  unit: string | undefined
  until: string | undefined
}

/** Who holds which role, and below it who stands in for whom. */
export function rolesCard(holders: readonly Holder[], deputies: readonly Block[]): Card {
  const rows = (Object.keys(ROLES) as RoleCode[]).flatMap(role => {
    const held = holders.filter(holder => holder.role === role)
    return held.length ? [[ROLES[role], held.map(told).join('、')] as const] : []
  })
  const vacant = (Object.keys(ROLES) as RoleCode[]).filter(role => !holders.some(holder => holder.role === role))
  return card(
    '角色',
    'blue',
    rows.length ? fields(...rows) : text('尚未设置角色。'),
    vacant.length ? note(`未设置:${vacant.map(role => ROLES[role]).join('、')}`) : undefined,
    ...deputies,
    note('系统管理员可发送:/角色 @王强 督办员;撤销:/角色 撤销 @王强 督办员'),
    note('本人出差、休假期间可发送:/角色 代理 @李静 12月1日至12月5日'),
  )
}

const told = ({ name, unit, until }: Holder): string =>
  `${name}${unit ? `(${unit})` : ''}${until ? `〔至${until}〕` : ''}`

/** One change, in full, with its undoing. */
export function changedCard(done: '已设置' | '已撤销', holder: Holder, value: Record<string, string>): Card {
  const who: Piece[] = [
    bold(holder.name),
    ` · ${ROLES[holder.role as RoleCode]}${holder.unit ? ` · ${holder.unit}` : ''}${holder.until ? ` · 至${holder.until}` : ''}`,
  ]
  const drawn = card(`角色 · ${done}`, done === '已设置' ? 'green' : 'grey', text(...who))
  if (done === '已撤销') return drawn
  return {
    ...drawn,
    body: [...drawn.body, { kind: 'buttons', buttons: [{ label: '取消', action: 'role.withdraw', value }] }],
  }
}

/** Several people of one name: which one is meant. */
export function pickCard(name: string, people: Array<{ label: string; value: Value }>): Card {
  const picks = people.map(({ label, value }) => ({ label, action: 'role.pick', value }))
  return card(
    '角色 · 请选择',
    'grey',
    text(`“${name}”有${people.length}位同名人员,请选择具体是哪一位。`),
    buttons(...picks),
  )
}
