/** What becomes of a text that a rule finds something in, the mildest first. */
export const ACTIONS = ['pass', 'warn', 'mask', 'return', 'block'] as const
export type Action = (typeof ACTIONS)[number]

/** Where a text stands: said in a chat, a value of a form, a name (of a file, image or link), or what is written within a file. */
export const PLACES = ['text', 'form', 'name', 'attachment'] as const
/** Of a picture handed in as material only its key is known. */
export type Place = (typeof PLACES)[number] | 'picture'

/** A rule as people read it. */
export interface Rule {
  name: string
  /** What it does, in words: it may differ by place. */
  action: string
  /** What whoever wrote it is told besides, where there is something to be done. */
  hint?: string
  /** The law, only where domain.md marks it as confirmed for the rule itself. */
  basis?: string
  /** How a rule is held that no text can show; undefined: by reading. */
  heldBy?: string
}

const SECRETS = '《中华人民共和国保守国家秘密法》第二十九条、第三十一条'
const WORK_SECRETS = '《中华人民共和国保守国家秘密法》第六十四条、《中华人民共和国保守国家秘密法实施条例》第七十三条'
const SUMS = '《中华人民共和国保守国家秘密法》第三十六条、《中华人民共和国保守国家秘密法实施条例》第四十三条'
const MEETINGS = '《中华人民共和国保守国家秘密法》第三十八条、《中华人民共和国保守国家秘密法实施条例》第四十五条'
const PERSONAL = '《中华人民共和国个人信息保护法》第二十八条'

const BLOCKS = '停止处理'
const RETURNS = '退回,由保密员核准'
const MASKS = '遮蔽'

/** SEC-01 … SEC-25 (domain.md 9.2). */
export const RULES = {
  'SEC-01': { name: '国家秘密标志', action: BLOCKS, basis: SECRETS },
  'SEC-02': { name: '标注密级', action: BLOCKS, basis: SECRETS },
  'SEC-03': {
    name: '绝密、机密字样',
    action: RETURNS,
    hint: '文中含有密级字样;确属学习、宣传等公开内容的,可请保密员核准后再发。',
    basis: SECRETS,
  },
  'SEC-04': { name: '“秘密”一词', action: '不作处理' },
  'SEC-05': {
    name: '未定稿',
    action: '附件停止处理,已公开的退回核准;文字提示',
    hint: '讨论稿、征求意见稿等未定稿不在本平台传输;正式印发后再发送。',
  },
  'SEC-06': { name: '涉密文号、密码电报和机要件编号', action: BLOCKS, basis: SECRETS },
  'SEC-07': { name: '工作秘密标志', action: BLOCKS, basis: WORK_SECRETS },
  'SEC-08': {
    name: '内部文件标志',
    action: '附件停止处理,文字退回核准',
    hint: '内部文件、资料不在本平台传输;确可公开的,请保密员核准后再发。',
  },
  'SEC-09': { name: '涉密文件份号', action: BLOCKS, basis: SECRETS },
  'SEC-10': {
    name: '案号',
    action: RETURNS,
    hint: '请遵守防止干预司法“三个规定”,不在本平台过问、转递具体案件;确属已公开案例的,可请保密员核准。',
  },
  'SEC-11': {
    name: '侦查手段和办案措施',
    action: '侦查手段停止处理,办案措施退回核准',
    hint: '请勿写入侦查、办案细节;已公开的内容可请保密员核准后再发。',
  },
  'SEC-12': {
    name: '领导批示原文',
    action: `${BLOCKS};署职务的批示内容退回核准`,
    hint: '领导批示只登记编号、中性标题、单位和时限,不录入原文。',
  },
  'SEC-13': {
    name: '领导同志未公开的行程',
    action: RETURNS,
    hint: '请勿写入领导同志尚未公开的行程;已公开的活动可请保密员核准后再发。',
  },
  'SEC-14': {
    name: '身份证、护照、通行证号码',
    action: `${MASKS};信访事项中停止处理`,
    hint: '证件号码不在本平台登记。',
    basis: PERSONAL,
  },
  'SEC-15': { name: '信访人电话', action: MASKS, hint: '信访人的联系方式不在本平台登记。' },
  'SEC-16': { name: '银行卡号', action: MASKS, hint: '银行账号不在本平台登记。', basis: PERSONAL },
  'SEC-17': { name: '举报人信息', action: BLOCKS, basis: '《信访工作条例》第三十条' },
  'SEC-18': { name: '口令、密码和密钥', action: BLOCKS, hint: '口令、密码和密钥请当面或电话告知。' },
  'SEC-19': {
    name: '密级字样的拆写和拼音',
    action: RETURNS,
    hint: '文中疑有密级字样;确属公开内容的,可请保密员核准后再发。',
  },
  'SEC-20': {
    name: '枪支弹药、警力和安保的数量',
    action: RETURNS,
    hint: '枪支弹药、警力部署等数量汇总后可能涉密,请勿写入;已公开的可请保密员核准。',
    basis: SUMS,
  },
  'SEC-21': {
    name: '涉密会议、活动和文件',
    action: BLOCKS,
    hint: '请按涉密会议管理要求线下组织',
    basis: MEETINGS,
  },
  'SEC-22': {
    name: '公文、督办表单的图片和扫描件',
    action: BLOCKS,
    hint: '图片和扫描件无法进行保密检查,不能作为事项的材料,请用文字说明。',
    heldBy: '回复事项卡片和随命令发来时拦截',
  },
  'SEC-23': {
    name: '外部群和群机器人',
    action: BLOCKS,
    hint: '本群有外部人员,不在此发送业务内容。',
    heldBy: '发送前检查群内有无外部人员;不使用群机器人地址',
  },
  'SEC-24': {
    name: '境外登录和回调',
    action: BLOCKS,
    basis: '《互联网政务应用安全管理规定》第十九条',
    heldBy: '由运维单位在入口处按来源地址限制',
  },
  'SEC-25': {
    name: '外部人工智能、翻译和识别服务',
    action: BLOCKS,
    heldBy: '程序不调用飞书以外的任何服务',
  },
} as const satisfies Record<string, Rule>

export type RuleId = keyof typeof RULES

/** The rules in their order, for display. */
export const RULE_BOOK: ReadonlyArray<Rule & { id: RuleId }> = (Object.keys(RULES) as RuleId[]).map(id => ({
  id,
  ...RULES[id],
}))
