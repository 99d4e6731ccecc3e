/** A numeral as a pattern: up to four digits, or Chinese numerals as they are spoken or strung together. */
export const numeral = '(?:\\d{1,4}|[零一二两三四五六七八九十百廿卅]{1,6})'

/** 元 is the one of 元月 and 元年. */
export function numberOf(text: string | undefined): number | undefined {
  if (text === undefined || text === '') return undefined
  if (/^\d+$/.test(text)) return Number(text)
  if (text === '元') return 1
  return /[十百廿卅]/.test(text) ? spoken(text) : strung(text)
}

/** 二零二六 and 零五 are read digit by digit; 两三 is no number but a guess. */
function strung(text: string): number | undefined {
  if ((text.length === 2 || text.length === 3) && !text.startsWith('零')) return undefined
  const value = [...text].map(char => digits.indexOf(char === '两' ? '二' : char)).join('')
  return /^\d+$/.test(value) ? Number(value) : undefined
}

/** 一百二十, 十五, 廿三: hundreds, tens and ones in this order. */
function spoken(text: string): number | undefined {
  const found =
    /^(?:([一二两三四五六七八九])百零?)?(?:([二三四五六七八九]|一)?(十)|(廿|卅))?([一二三四五六七八九])?$/.exec(text)
  if (!found) return undefined
  const [, hundreds, tens, ten, twenties, ones] = found
  const tensValue = ten ? (strung(tens ?? '一') ?? 0) : twenties === '廿' ? 2 : twenties === '卅' ? 3 : 0
  return (strung(hundreds ?? '零') ?? 0) * 100 + tensValue * 10 + (strung(ones ?? '零') ?? 0)
}

const digits = '零一二三四五六七八九'
