import { halfWidth } from '../../kit/text.ts'

/**
 * Abbreviations of the provinces, as plates bear them (GA 36-2018); 江 is that of the invented city of the demo and the tests, which
 * no real car bears.
 */
const PROVINCES = '京津沪渝冀豫云辽黑湘皖鲁新苏浙赣鄂桂甘晋蒙陕吉闽贵粤青藏川宁琼江'
/** Letters that plates use: I and O would be taken for digits. */
const LETTER = 'A-HJ-NP-Z'
/** 新能源: A to E for purely electric cars, F to K for the others. */
const ENERGY = 'A-HJK'

const USUAL = new RegExp(`^[${LETTER}\\d]{5}$`)
const SMALL_ENERGY = new RegExp(`^[${ENERGY}][${LETTER}\\d]\\d{4}$`)
const LARGE_ENERGY = new RegExp(`^\\d{5}[${ENERGY}]$`)
const POLICE = new RegExp(`^[${LETTER}\\d]{4}警$`)
/** What is not for an office's own cars. */
const FOREIGN: ReadonlyArray<[mark: RegExp, name: string]> = [
  [/使/, '使馆'],
  [/领/, '领馆'],
  [/学$/, '教练'],
  [/挂$/, '挂车'],
  [/[港澳]$/, '港澳出入境'],
  [/^(WJ|[A-Z]{2}\d{5}$)/, '军队和武警'],
]

export type ReadPlate = { plate: string } | { fault: string }

/** A plate as it is kept: capitals, no dot and no space. What is wrong with it is said in words. */
export function readPlate(typed: string): ReadPlate {
  const plate = halfWidth(typed)
    .toUpperCase()
    .replace(/[\s·•.‧・\-—]/g, '')
  if (plate === '') return { fault: '请填写车牌号' }
  const foreign = FOREIGN.find(([mark]) => mark.test(plate))
  if (foreign) return { fault: `“${typed.slice(0, 12)}”是${foreign[1]}号牌,不是本单位公务用车的号牌` }
  const fault = faultIn(plate)
  return fault ? { fault: `车牌号“${typed.slice(0, 12)}”${fault}` } : { plate }
}

function faultIn(plate: string): string | undefined {
  const [province = '', office = '', ...rest] = Array.from(plate)
  const serial = rest.join('')
  if (!PROVINCES.includes(province)) return '应以省份简称开头,如:京A12345'
  if (!new RegExp(`^[${LETTER}]$`).test(office)) return '的第二位应是字母(不用I、O)'
  if (/[IO]/.test(serial)) return '中不用字母I、O,请核对是否为数字1、0'
  if (serial.length === 6 && !serial.endsWith('警'))
    return SMALL_ENERGY.test(serial) || LARGE_ENERGY.test(serial) ? undefined : '不是新能源号牌的格式,如:京AD12345'
  if (serial.length !== 5) return '的位数不对,普通号牌7位,新能源号牌8位'
  return USUAL.test(serial) || POLICE.test(serial) ? undefined : '的格式不对,如:京A12345'
}
