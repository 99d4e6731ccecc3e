import { afterAll, beforeAll, expect, it } from 'vitest'
import { FIXED_REPLY } from '../src/office/secrecy/alert.ts'
import { filesOf } from './harness/files.ts'
import { materialOf } from './harness/material.ts'
import { TestOffice } from './harness/office.ts'
import { everythingKept } from './harness/secrecy.ts'
import {
  archive,
  RELATIONS,
  sharingWorkbook,
  sheetOf,
  tableDocument,
  tableSlide,
  WORKBOOK,
  workbook,
} from './harness/workbook.ts'

let office: TestOffice
beforeAll(async () => {
  office = await TestOffice.open({ wire: 'hasty' })
})
afterAll(() => office.close())

const csv = (...table: string[][]) => new TextEncoder().encode(table.map(cells => cells.join()).join('\r\n'))

const ACCOUNTS = [
  ['系统', '用户名', '密码'],
  ['巴林石', 'admin', 'Abc12345'],
]
const twoSheets = (first: string[][]) =>
  archive({
    'xl/workbook.xml': WORKBOOK,
    'xl/_rels/workbook.xml.rels': RELATIONS,
    'xl/worksheets/tasks.xml': sheetOf(first),
    'xl/worksheets/other.xml': sheetOf(ACCOUNTS),
  })

const PASSPORTS = [
  ['姓名', '单位', '事由', '备注', '护照'],
  ...Array.from({ length: 4 }, () => ['张三', '办公室', '赴外学习交流', '无', '']),
  ['巴林石', '办公室', '学习', '无', 'E13572468'],
]

const KINDS = [
  ['xlsx', sharingWorkbook],
  ['docx', tableDocument],
] as const
const passes = async (sends: Awaited<ReturnType<typeof materialOf>>, tables: Record<string, string[][]>) => {
  // so many files a minute are taken of one person
  await office.clock.rest?.(61_000)
  for (const [title, rows] of Object.entries(tables))
    for (const [kind, make] of KINDS) {
      const name = `${title}.${kind}`
      expect(await sends(name, make(...rows)), name).toContain('已发送给1人')
    }
}

const nothingKept = async () =>
  expect((await everythingKept(office)).filter(line => /巴林石|E13572468/.test(line))).toEqual([])

it('会议材料中的表格:各单元格连同表头检查,命中的不转发', async () => {
  const sends = await materialOf(office, '表格材料会', '郑洁')
  for (const [name, bytes] of [
    [
      '目录.xlsx',
      sharingWorkbook(['文件目录', '', ''], ['序号', '密级', '名称'], ['', '非密', '甲'], ['', '秘密', '巴林石']),
    ],
    ['目录.docx', tableDocument(['密级', '名称'], ['公开', '甲'], ['秘密', '巴林石'])],
    ['账号.xlsx', workbook(sheetOf(ACCOUNTS))],
    ['账号.docx', tableDocument(...ACCOUNTS)],
    ['账号.pptx', tableSlide(...ACCOUNTS)],
    ['账号.csv', csv(...ACCOUNTS)],
    ['并格.docx', tableDocument(['序号', '系统', '密码'], ['+巴林石', 'Abc12345'])],
    ['第二张.xlsx', twoSheets([['名称'], ['甲']])],
    ['口令.xlsx', sharingWorkbook(['系统', '口令'], ['考勤', '见附件'], ['巴林石', '春风又绿江南岸'])],
    ['线索.docx', tableDocument(['序号', '举报人', '内容'], ['1', '王强', '巴林石'])],
    ['装备.xlsx', sharingWorkbook(['单位', '枪支', '弹药'], ['巴林石', '12', '300'])],
    // a word on the left, and what is filled in beside it
    ['登记表.docx', tableDocument(['系统', '巴林石'], ['密码', 'Abc12345'], ['备注', ''])],
    ['一行.docx', tableDocument(['巴林石', '密级', '秘密', '期限', '10年'])],
    ['审批表.xlsx', sharingWorkbook(['名称', '巴林石', '密级', '机密'], ['承办', '综治科', '份数', '2'])],
    ['来信.pptx', tableSlide(['举报人', '王强'], ['内容', '巴林石'])],
    ['口令单.csv', csv(['系统', '巴林石'], ['密码', 'Abc12345'])],
  ] as const)
    expect(await sends(name, bytes), name).toContain(`未能发送《${name}》:${FIXED_REPLY}`)
  expect(await sends('出访.xlsx', sharingWorkbook(...PASSPORTS))).toContain('未能发送《出访.xlsx》:文件含有身份证号等')
  expect(await filesOf(office, office.person('郑洁'))).toEqual([])
  await nothingKept()
})

it('平常的表格照发', async () => {
  const sends = await materialOf(office, '表格例会', '陈晨', 2)
  const table = {
    通讯录: [
      ['姓名', '单位', '电话'],
      ['张三', '办公室', '13700137001'],
    ],
    预算: [
      ['科目', '预算数', '执行数'],
      ['办公费', '120000', '98000.50'],
    ],
    课表: [
      ['时间', '周一', '周二'],
      ['9:00-10:00', '保密培训', '密码法宣传'],
      ['14:00', '商业秘密保护', '内部审计'],
    ],
    目录: [
      ['名称', '密级', '是否涉密'],
      ['甲', '非密', '否'],
      ['乙', '无', '否'],
      ['丙', '—', '否'],
      ['丁', '', '否'],
    ],
    设备: [
      ['设备', '密级'],
      ['打印机', '非密'],
      ['计算机', '无'],
    ],
    系统: [
      ['系统', '密码', '备注'],
      ['考勤', '见附件', '—'],
      ['门户', '******', '定期更换'],
      ['邮箱', '', ''],
    ],
    会议: [
      ['会议', '会议号', '密码'],
      ['周例会', '123 456 789', '123456'],
      ['月例会', '123456780', '654321'],
    ],
    普法: [
      ['密级', '保密期限'],
      ['绝密', '不超过30年'],
      ['机密', '不超过20年'],
      ['秘密', '不超过10年'],
    ],
    信访: [
      ['承办人', '单位', '电话', '信访人'],
      ['张三', '城市管理综合行政执法局', '62000000', '王强'],
      ['赵六', '城市管理综合行政执法局', '62000001', '李明'],
      ['李四', '住建局', '13700137001', '刘伟'],
    ],
  }
  await passes(sends, table)
})

it('平常的登记表、清单照发', async () => {
  const sends = await materialOf(office, '表单例会', '朱琳', 3)
  await passes(sends, {
    举报登记: [
      ['举报人', '', '联系电话', ''],
      ['举报内容', '', '被举报单位', ''],
    ],
    举报台账: [['序号', '举报人', '举报内容', '办理情况']],
    运维: [
      ['修改系统密码', '2026-11-30', '张三'],
      ['重置密码', '2026年12月1日', '李四'],
      ['打印机', '密级', '非密'],
    ],
    材料: [
      ['处突预案', '3', '12页'],
      ['安保方案', '5', '8页'],
    ],
    入会: [
      ['会议', '周例会', '时间', '9:00'],
      ['会议号', '123 456 789', '密码', '123456'],
    ],
    统计: [
      ['密级', '绝密', '机密', '秘密', '合计'],
      ['份数', '0', '0', '0', '0'],
    ],
    账号: [
      ['系统', '密码', '使用人姓名'],
      ['考勤', '', '张三'],
    ],
  })
})

it('读入的表格:没读的工作表同样连同表头检查', async () => {
  const wang = office.person('王强')
  await office.person('刘芳').says('/角色 @王强 督办员')
  const tasks = [
    ['事项名称', '牵头人'],
    ['报送要情', '陈晨'],
  ]
  await wang.sendsFile('两张.xlsx', { bytes: twoSheets(tasks) })
  expect((await wang.sees()).words).toContain(`未能读取《两张.xlsx》:${FIXED_REPLY}`)
  await nothingKept()
})
