import type { Action, Command, Look, Waiting } from '../../src/bot/feature.ts'
import type { Value } from '../../src/kit/card.ts'
import type { Part as FilePart } from '../../src/kit/package.ts'
import type { Person } from '../../src/kit/person.ts'
import { Refusal } from '../../src/kit/refusal.ts'
import type { Part } from '../part.ts'
import { accounts, accountsActions } from './accounts.ts'
import { board, boardActions } from './board.ts'
import { costActions, costs } from './cost.ts'
import { exportActions, exportFile, exportMonth } from './export.ts'
import { ledger, ledgerActions } from './ledger.ts'
import { monthEnd, nextMonthEnd } from './month-end.ts'
import { drawPublication, isPublication, publicationActions, publicationsWaiting, publish } from './publish.ts'
import { publicationFile } from './publish-file.ts'
import { actorOf } from './setting.ts'

const commands: Record<string, Command> = {
  看板: { usage: '/用车 看板', about: '车辆今日和本周的安排;其他人员可看空闲车辆数', heavy: true, run: board },
  台账: {
    usage: '/用车 台账 2026-10',
    about: '按月查看派车单,可按车辆、驾驶员、状态、单位筛选',
    heavy: true,
    run: ledger,
  },
  核算: { usage: '/用车 核算 2026-10', about: '单车核算:里程、油耗、费用、每公里成本', heavy: true, run: accounts },
  费用: {
    usage: '/用车 费用',
    about: '按月查看和登记加油、充电、维修等费用(车管员;驾驶员限本人出车)',
    heavy: true,
    run: costs,
  },
  公示: {
    usage: '/用车 公示 2026-10',
    about: '生成上月公务用车使用情况公示,审批后印发;/用车 公示 列表 查看',
    heavy: true,
    run: publish,
  },
  导出: {
    usage: '/用车 导出 2026-10',
    about: '导出台账、单车核算和费用表格(领导、办公室主任、车管员)',
    heavy: true,
    run: exportMonth,
  },
}

const actions: Record<string, Action> = {
  ...boardActions,
  ...ledgerActions,
  ...accountsActions,
  ...costActions,
  ...exportActions,
  ...publicationActions,
}

/** The file of an order that comes from here. */
const print = (look: Look, order: Value): Promise<FilePart[]> =>
  order.publication === undefined ? exportFile(look, order) : publicationFile(look, order)

const todo = async (look: Look & { who: Person }): Promise<Waiting> => ({
  items: await publicationsWaiting(look, await actorOf(look, look.who.id)),
  more: false,
})

/** What is kept about cars, as far as it is looked at, reckoned up, published and handed out. */
export const books: Part = {
  commands,
  actions,
  heavy: ['board', 'ledger', 'accounts', 'costs', 'export', 'publicationFile'],
  owns: isPublication,
  draw: drawPublication,
  heard: async () => {
    throw new Refusal('公示请用卡片上的按钮办理')
  },
  orders: ({ publication, month }) => publication !== undefined || month !== undefined,
  print,
  todo,
  due: [monthEnd],
  nextDue: nextMonthEnd,
}
