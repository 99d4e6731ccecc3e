import type { Cell, Column, Sheet } from '../../kit/sheet.ts'
import { endSaid, formatInstant, formatMonth } from '../../kit/time.ts'
import type { Publication, PublicationRow } from './publication.ts'
import { LEFT_OUT } from './publication-cards.ts'

const COLUMNS: Column[] = [
  { head: '序号', width: 7 },
  { head: '日期', width: 13 },
  { head: '事由', width: 40 },
  { head: '地点', width: 26 },
  { head: '车牌号', width: 13 },
  { head: '里程(公里)', width: 11 },
  { head: '用油(升)', width: 11 },
  { head: '费用(元)', width: 12 },
]

/** The publication as it is printed and put up. */
export function publicationSheet({ title, issuer, remark, until, state }: Publication): Sheet {
  const draft = state === 'issued' || state === 'approved' ? '' : '(未经审批,不得公示)'
  return {
    name: '公务用车公示',
    title: `${title}${draft}`,
    says: [`${issuer}。统计截至${formatInstant(endSaid(until))}。${LEFT_OUT}`, remark]
      .filter(one => one !== '')
      .join(''),
    columns: COLUMNS,
    printed: COLUMNS.length,
    mark: `${issuer}${draft}`,
  }
}

export const publicationCells = ({
  place,
  on,
  purpose,
  destination,
  plate,
  km,
  litres,
  cents,
}: PublicationRow): Cell[] => [
  place,
  on,
  purpose,
  destination,
  plate,
  km,
  litres ? litres / 100 : undefined,
  { yuan: cents / 100 },
]

export const publicationTotal = ({ runs, km, cents }: Publication): Cell[] => [
  '合计',
  `${runs}次`,
  '',
  '',
  '',
  km,
  undefined,
  { yuan: cents / 100 },
]

export const publicationFileName = ({ month }: Pick<Publication, 'month'>): string =>
  `${formatMonth(month)}公务用车使用情况公示表.xlsx`
