import type { Feature, Look } from '../src/bot/feature.ts'
import { EXAMPLES } from '../src/office/audit/cards.ts'
import { accept, drawCheck, due, verify, verifyPress } from './audit/check.ts'
import { exportFile, exportPress, exportSaid } from './audit/export.ts'
import { list, page, search } from './audit/list.ts'

/** Who did what: for 安全审计员 alone, and for 保密员 as far as it concerns secrecy (domain.md 1.3, 9.4). */
export const audit: Feature = {
  name: 'audit',
  title: '审计',
  words: ['审计', 'audit'],
  about: '按人员、编号、时间查询审计记录,校验审计链,导出签名文件;仅限安全审计员',
  forRoles: ['SJ', 'BM'],
  commands: {
    '': { usage: EXAMPLES[0], about: '按人员、编号、时间、功能或结果查询', heavy: true, run: list },
    校验: { usage: '/审计 校验', about: '从第一条起核对审计链是否完整、未被改动', heavy: true, run: verify },
    导出: { usage: '/审计 导出 11月', about: '导出带签名的审计记录', heavy: true, run: exportSaid },
  },
  actions: { search, page, verify: verifyPress, export: exportPress, accept },
  heavy: ['search', 'page', 'verify', 'export'],
  draw: (look: Look, matter, viewer) => drawCheck(look, matter, viewer),
  print: exportFile,
  due: [due],
}
