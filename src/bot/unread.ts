import { Refusal } from '../kit/refusal.ts'

/** Why a file cannot be looked through, in words for whoever sent it. */
export const UNREADABLE_TEXT = '文件已加密或已损坏,无法进行保密检查'
export const EMBEDDED = '文件内嵌有其他文件或对象,无法进行保密检查。请删除后重新发送'
export const TOO_LONG = '文件文字过多,无法进行保密检查,请拆分后重新发送'
export const TOO_MUCH = '文件过大,请拆分后重新发送'
export const TEXTLESS = '文件中没有可以识别的文字(只有图片,或内容为空),无法进行保密检查'

/** Others are being looked through: it is taken up again in a while. */
export class TryLater extends Error {}

/** What is shown in it is shown in pictures, as where paper was scanned (SEC-22). */
export class Scan extends Refusal {}

/** So much text of one file is looked through. */
export const MOST_TEXT = 2_000_000
