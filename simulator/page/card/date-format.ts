const ZONE_MS = 8 * 3_600_000
const PARTS = /YYYY|YY|MM|M|DD|D|HH|H|mm|m|ss|s/g

/** A table's `date_format`, such as "YYYY/MM/DD HH:mm", in the time of the office. */
export function dateBy(format: string, at: number): string {
  const moment = new Date(at + ZONE_MS)
  if (Number.isNaN(moment.getTime())) return ''
  const parts: Record<string, number> = {
    Y: moment.getUTCFullYear(),
    M: moment.getUTCMonth() + 1,
    D: moment.getUTCDate(),
    H: moment.getUTCHours(),
    m: moment.getUTCMinutes(),
    s: moment.getUTCSeconds(),
  }
  return format.replace(PARTS, part => {
    const value = String(parts[part.charAt(0)])
    return part === 'YY' ? value.slice(-2) : value.padStart(part.length, '0')
  })
}
