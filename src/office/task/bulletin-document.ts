import type { OfficialDocument } from '../../kit/document.ts'
import { formatDay } from '../../kit/time.ts'
import { type Bulletin, bulletinName, share, sumOf } from './bulletin.ts'
import { type Figures, FOOTNOTES } from './ledger.ts'

const HEADS = ['单位', '应办', '已办结', '办结率', '到期', '按时办结', '按时办结率', '逾期未办结']

/** The bulletin as it is printed and filed. */
export function bulletinDocument(bulletin: Bulletin): OfficialDocument {
  const { title, issuer, period, figures, until, issuedAt } = bulletin
  return {
    issuer: `${issuer}督办通报`,
    number: bulletinName(bulletin),
    title: inPrint(title),
    body: sectionsOf(bulletin).flatMap(([heading, text], i) => [
      { style: 'heading', text: `${'一二三四五'.charAt(i)}、${heading}` } as const,
      { style: 'text', text: inPrint(text) } as const,
    ]),
    signed: issuer,
    dated: formatDay(issuedAt ?? until),
    annex: {
      title: `${period}督办事项办理情况`,
      rows: [HEADS, ...figures.map(({ unit, figures: f }) => rowOf(unit, f)), rowOf('合计', sumOf(figures))],
      notes: FOOTNOTES.map(inPrint),
    },
  }
}

/** The parts of a bulletin in their order; an empty one is left out. */
export function sectionsOf({
  overall,
  good,
  lagging,
  problems,
  demands,
}: Bulletin): Array<[heading: string, text: string]> {
  const all: Array<[string, string]> = [
    ['总体情况', overall],
    ['办理较好的单位', good],
    ['进展滞后事项', lagging],
    ['存在问题', problems],
    ['下一步要求', demands],
  ]
  return all.filter(([, text]) => text !== '')
}

const IN_PRINT: Record<string, string> = { ',': '，', ';': '；', ':': '：', '(': '（', ')': '）' }

/** Cards are written with narrow signs, print with wide ones; between digits (17:30) they stay. */
const inPrint = (text: string): string => text.replace(/(?<!\d)[,:]|[,:](?!\d)|[;()]/g, sign => IN_PRINT[sign] ?? sign)

const rowOf = (unit: string, f: Figures): string[] => [
  unit,
  String(f.all),
  String(f.closed),
  share(f.closed, f.all - f.suspended),
  String(f.due),
  String(f.closedInTime),
  share(f.closedInTime, f.due),
  String(f.lateOpen),
]

export const bulletinFileName = (bulletin: Bulletin): string => `${bulletinName(bulletin)} ${bulletin.title}.docx`
