import {
  type Block,
  type Button,
  bold,
  buttons,
  type Card,
  card,
  type Field,
  form,
  note,
  text,
} from '../../kit/card.ts'
import type { OfficialDocument } from '../../kit/document.ts'
import { shorten } from '../../kit/text.ts'
import { formatDay } from '../../kit/time.ts'
import { type Meeting, numberText, type Setting } from './meeting.ts'
import { lastMinutesAct, MINUTES_LIMITS, type Minutes, type MinutesMove, minutesFlow } from './minutes.ts'

/** `matters`: what was settled, as it stands or as it was signed; `heads`: to how many it goes. */
export interface MinutesView {
  minutes: Minutes
  meeting: Meeting
  matters: string
  moves: readonly MinutesMove[]
  heads: number
}

export function minutesCard({ minutes, meeting, matters, moves, heads }: MinutesView, setting: Setting): Card {
  const { state, title, issuer, overview, remark, rev } = minutes
  const deciding = moves.filter(move => minutesFlow.moves[move].asks !== undefined)
  const press = (move: MinutesMove): Button => ({
    label: minutesFlow.moves[move].button,
    action: `meeting.minutes${move.charAt(0).toUpperCase()}${move.slice(1)}`,
    value: { id: meeting.id, rev },
    ...(move === 'approve'
      ? {
          style: 'primary' as const,
          confirm: { title: '签发', text: `签发后将生成公文,发送给参会和承办人员${heads}人,确定吗?` },
        }
      : {}),
    ...(move === 'revise' ? { style: 'danger' as const } : {}),
  })
  const word: Field = {
    kind: 'input',
    name: 'word',
    hint: '意见(退回修改须填写理由)',
    lines: 2,
    max: MINUTES_LIMITS.word,
  }
  const more: Button[] =
    state === 'issued' ? [{ label: '下载公文', action: 'meeting.minutesFile', value: { id: meeting.id } }] : []
  const drawn = card(
    `会议纪要 · ${minutesFlow.states[state]}`,
    state === 'issued' ? 'green' : state === 'submitted' ? 'yellow' : 'grey',
    text(bold(title), meeting.number ? ` · ${numberText(meeting.number)}` : ''),
    text(bold('会议概况'), `\n${overview}`),
    matters ? text(bold('议定事项'), `\n${shortened(matters)}`) : note('尚未录入议定事项。'),
    remark ? text(bold('其他'), `\n${remark}`) : undefined,
    note(`印发单位:${issuer || '未填写'} · ${lastMinutesAct(minutes, setting)}`),
    deciding.length ? form('sign', [word], deciding.map(press)) : undefined,
    buttons(...moves.filter(move => !deciding.includes(move)).map(press), ...more),
    state === 'issued' ? undefined : note('纪要记载会议概况和议定事项,签发后使用。'),
  )
  return { ...drawn, summary: `[会议纪要] ${minutesFlow.states[state]}:${shorten(title, 40)}` }
}

const MOST_SHOWN = 3_000
const shortened = (matters: string): string =>
  matters.length > MOST_SHOWN ? `${matters.slice(0, MOST_SHOWN)}…(全文见公文)` : matters

export function minutesForm({ meeting, rev, title, issuer, overview, remark }: Minutes): Card {
  return card(
    '会议纪要 · 修改',
    'grey',
    form(
      'minutes',
      [
        { kind: 'input', name: 'title', label: '标题', value: title, max: MINUTES_LIMITS.title, required: true },
        { kind: 'input', name: 'issuer', label: '印发单位', value: issuer, max: MINUTES_LIMITS.issuer, required: true },
        { kind: 'input', name: 'overview', label: '会议概况', value: overview, max: MINUTES_LIMITS.part, lines: 6 },
        { kind: 'input', name: 'remark', label: '其他(可不填)', value: remark, max: MINUTES_LIMITS.part, lines: 3 },
      ],
      [{ label: '保存', action: 'meeting.minutesEdit', value: { id: meeting, rev }, style: 'primary' }],
    ),
    note('议定事项取自会议已录入的议定事项,请在议定事项中修改。'),
  )
}

/** On the meeting's own card. */
export function minutesBlocks(meeting: Meeting, minutes: Minutes | undefined, mayDraft: boolean): Block[] {
  const open = buttons({
    label: minutes ? '查看纪要' : '起草纪要',
    action: 'meeting.minutes',
    value: { id: meeting.id },
  })
  const words = minutes ? [text(bold('会议纪要'), ` ${minutesFlow.states[minutes.state]}`)] : []
  return minutes || mayDraft ? [...words, ...(open ? [open] : [])] : []
}

const IN_PRINT: Record<string, string> = { ',': '，', ';': '；', ':': '：', '(': '（', ')': '）' }
const inPrint = (said: string): string => said.replace(/(?<!\d)[,:]|[,:](?!\d)|[;()]/g, sign => IN_PRINT[sign] ?? sign)

/** The minutes as they are printed and filed. */
export function minutesDocument(minutes: Minutes, meeting: Meeting): OfficialDocument {
  const { title, issuer, overview, matters, remark, signedAt, movedAt } = minutes
  const parts = [
    ['会议概况', overview],
    ['议定事项', matters],
    ['其他', remark],
  ].filter(([, said]) => said !== '')
  return {
    issuer: `${issuer}会议纪要`,
    number: meeting.number ? numberText(meeting.number) : '',
    title: inPrint(title),
    body: parts.flatMap(([heading, said = ''], i) => [
      { style: 'heading', text: `${'一二三'.charAt(i)}、${heading}` } as const,
      { style: 'text', text: inPrint(said) } as const,
    ]),
    signed: issuer,
    dated: formatDay(signedAt ?? movedAt),
  }
}

export const minutesFileName = ({ title }: Minutes, { number }: Meeting): string =>
  `${number ? `${numberText(number)} ` : ''}${title.replace(/[\\/:*?"<>|]/g, ' ')}.docx`
