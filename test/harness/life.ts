import { type Cast, openCast } from './cast.ts'
import { untouched } from './fleet.ts'
import type { OfficeOptions, TestOffice } from './office.ts'

/** An office in which something of every subject was done, and a day has passed. */
export async function openLife(options: OfficeOptions = {}): Promise<Cast> {
  const cast = await openCast(options)
  await live(cast)
  return cast
}

/** Something of every subject, through the front door. */
export async function live(cast: Cast): Promise<void> {
  const { office, wang, li, chen, cao, zhang, feng } = cast
  const [admin, zheng] = [office.person('刘芳'), office.person('郑洁')]
  const [jiang, gang] = [office.person('蒋勇'), office.person('陈刚')]
  for (const line of ['@曹颖 会务员', '@蒋勇 车管员', '@孙丽 保密员']) await admin.says(`/角色 ${line}`)
  await admin.says('/假期 载入 2027年 元旦 1月1日至3日')
  await admin.presses('确认载入')

  await wang.says('/交办 @郑洁 明天下班前把投影仪修好')
  await zheng.presses('签收')
  await zheng.presses('完成', { form: { word_finish: '已修好' } })
  await wang.presses('确认完成')

  await wang.says('/督办 @陈晨 @曹颖 报送平安建设半年总结 12月7日下班前 来源:会议议定')
  await wang.presses('送审')
  await li.presses('同意交办')
  await chen.presses('签收')
  await chen.presses('反馈进展', { form: { word_own: '已收齐材料', percent: '60' } })

  await li.says('/会议 会议室 新增\n二楼小会议室 10人 电话')
  await cao.says('/会议 11月27日(周五)14:30-16:00 二楼小会议室 安全生产例会 @王强 @郑洁 主持:张明')
  await cao.presses('送审')
  await li.presses('同意')
  await wang.presses('参加')

  await admin.says('/用车 车辆 新增 江A12345 应急保障用车 5座 里程:32000 年检:2027-03-31')
  await admin.says('/用车 司机 新增 陈刚 A2 驾驶证:2031-05-31 培训:2026-03-12 电话:13900000020')
  await chen.says('/用车 11月26日8:30-11:30 区法院 参加调研座谈会 2人 @曹颖')
  await chen.presses('提交')
  await feng.presses('同意')
  await li.presses('同意')
  await jiang.says('/用车 待派')
  await jiang.presses('派车')
  const proposal = await jiang.seesCard()
  await jiang.presses('派车', { on: proposal, form: untouched(proposal, 'dispatch') })

  await gang.says('/提醒 11月25日9:00 交材料')
  await li.says('@回音 /播报 每个工作日 8:30', { to: '督查工作群' })
  await zhang.says('/静音 2小时')
  await zheng.says('/意见 希望增加打印功能')
  await zheng.says('/交办 @王强 传阅机密★20年文件')
  await li.says('/角色 代理 @王强 12月1日至12月5日')
  for (const line of ['/待办', '/今日', '/查 总结', '/督办 台账', '/设置', '/初始化', '/会议 列表'])
    await admin.says(line)
  await office.moveTo('2026-11-25T09:01:00+08:00')
  await office.settled()
}

/** After that, of every subject something that waits for somebody. */
export async function leaveOpen({ office, wang, li, chen, cao }: Cast): Promise<void> {
  await wang.says('/交办 @郑洁 12月3日下班前整理值班表')
  await wang.says('/督办 @陈晨 核对台账 12月10日下班前 来源:会议议定')
  await wang.presses('送审')
  await cao.says('/会议 12月2日(周三)9:00-10:00 二楼小会议室 防汛调度会 @王强 @郑洁 主持:张明')
  await cao.presses('送审')
  await li.presses('同意')
  await chen.says('/用车 12月2日8:30-11:30 区法院 参加调研座谈会 2人 @曹颖')
  await chen.presses('提交')
  await office.person('陈刚').says('/提醒 每天10:00 检查车况')
}

/** What went wrong inside: turns that failed, and errors. */
export const mishaps = ({ log }: Pick<TestOffice, 'log'>): string[] =>
  log.filter(line => line.includes('"level":"error"') || line.includes('"outcome":"failed"'))
