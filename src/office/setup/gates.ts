import { type Block, buttons, type Card, card, fields, form, type Rich, text, tint } from '../../kit/card.ts'
import { Refusal } from '../../kit/refusal.ts'

/**
 * What a human decides before the office works with this (domain.md 0.4). The program can only make it visible: it keeps who said
 * so and on what ground.
 */
export const GATES = {
  secrecy: { name: '保密审查', asks: '本单位可在该平台办理哪些工作事项,已经保密审查' },
  filing: { name: '应用备案', asks: '政务应用程序已向网信部门备案,或已确认无须备案' },
  grading: { name: '等级保护', asks: '网络安全等级保护已定级备案' },
  commission: { name: '委托运维', asks: '由外单位运维的,已书面委托并约定数据权限;自行运维的注明“自行运维”' },
} as const

export type Gate = keyof typeof GATES
const NAMES = Object.keys(GATES) as Gate[]

/** Who entered it, on whose decision or under which number, and when. */
export interface Passed {
  by: string
  ground: string
  at: string
}
export type Gates = Partial<Record<Gate, Passed>>

/** Such as 保密委员会 江密委〔2026〕3号. */
const LONGEST = 100

/** One row of the check for all of them. */
export const openGates = (gates: Gates): string[] => NAMES.filter(gate => !gates[gate]).map(gate => GATES[gate].name)

export function gatesCard(gates: Gates, dayOf: (instant: string) => string): Card {
  const open = openGates(gates)
  const rows = NAMES.map((gate): readonly [string, Rich] => {
    const passed = gates[gate]
    return [
      GATES[gate].name,
      passed
        ? [tint('green', '✓ '), `${passed.ground} · ${passed.by} ${dayOf(passed.at)}登记`]
        : [tint('red', '未确认 '), GATES[gate].asks],
    ]
  })
  return card(
    open.length ? '上线前确认 · 有待确认' : '上线前确认 · 已全部确认',
    open.length ? 'yellow' : 'green',
    text('以下事项须由本单位决定,系统只作登记。'),
    fields(...rows),
    entry(),
    buttons({ label: '返回安装检查', action: 'setup.check' }),
  )
}

/** What was entered may be entered anew: the history keeps both. */
function entry(): Block {
  return form(
    'gate',
    [
      {
        kind: 'choose',
        name: 'gate',
        label: '事项',
        required: true,
        options: NAMES.map(gate => ({ value: gate, label: GATES[gate].name })),
      },
      { kind: 'input', name: 'ground', label: '决定单位(人)和文号', required: true, max: LONGEST },
    ],
    [{ label: '登记确认', action: 'setup.confirmGate', style: 'primary' }],
  )
}

/** @throws Refusal for what is missing or none of ours. */
export function readGate(form: Record<string, unknown>): { gate: Gate; ground: string } {
  const { gate, ground } = form
  if (typeof gate !== 'string' || !Object.hasOwn(GATES, gate)) throw new Refusal('请选择要确认的事项')
  const said = typeof ground === 'string' ? ground.trim() : ''
  if (!said) throw new Refusal('请写明决定单位(人)和文号')
  if (said.length > LONGEST) throw new Refusal(`决定单位(人)和文号请控制在${LONGEST}字以内`)
  return { gate: gate as Gate, ground: said }
}
