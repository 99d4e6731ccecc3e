/** A line of 议定事项 as offices write them, and what is to be understood of it. */
export interface LineCase {
  says: string
  title: string
  /** A unit by its name, or somebody of it: `综治科 陈晨`; '' = is asked for. */
  lead: string
  assists?: string[]
  /** In Shanghai; '' = is asked for. */
  due: string
  /** What is to be looked at before it becomes a task. */
  doubt?: RegExp
}

/** Said on Friday, 27 November 2026, at 16:00. */
export const SAID_AT = '2026-11-27T16:00:00+08:00'

const DEC10 = '2026-12-10 17:30'

export const LINES: LineCase[] = [
  // 由…牵头
  {
    says: '由综治科牵头,督查科配合,12月10日前报送方案。',
    title: '报送方案',
    lead: '综治科',
    assists: ['督查科'],
    due: DEC10,
  },
  {
    says: '由综治科牵头、督查科配合,于12月10日前报送工作方案',
    title: '报送工作方案',
    lead: '综治科',
    assists: ['督查科'],
    due: DEC10,
  },
  { says: '由综治科负责,12月10日前完成隐患排查。', title: '完成隐患排查', lead: '综治科', due: DEC10 },
  { says: '由综治科负责修订值班制度,12月10日前印发', title: '修订值班制度,印发', lead: '综治科', due: DEC10 },
  {
    says: '由综治科具体负责,办公室、督查科配合,12月底前建立台账。',
    title: '建立台账',
    lead: '综治科',
    assists: ['办公室', '督查科'],
    due: '2026-12-31 17:30',
  },
  {
    says: '由督查科会同综治科开展专项检查,12月10日前报告结果',
    title: '开展专项检查,报告结果',
    lead: '督查科',
    assists: ['综治科'],
    due: DEC10,
  },
  {
    says: '由办公室商综治科、督查科研究提出意见,下周五前报送。',
    title: '研究提出意见,报送',
    lead: '办公室',
    assists: ['综治科', '督查科'],
    due: '2026-12-04 17:30',
  },
  { says: '由综治科牵头落实,12月10日前。', title: '', lead: '综治科', due: DEC10, doubt: /请写明/ },
  {
    says: '年终考核方案由督查科牵头起草,综治科协助,12月10日前提交。',
    title: '年终考核方案起草,提交',
    lead: '督查科',
    assists: ['综治科'],
    due: DEC10,
  },
  {
    says: '安全生产专项整治由综治科牵头组织实施,各科室配合,12月10日前完成',
    title: '安全生产专项整治组织实施,各科室配合',
    lead: '综治科',
    due: DEC10,
  },
  // 请…, 责成…
  { says: '请综治科于12月10日前报送方案', title: '报送方案', lead: '综治科', due: DEC10 },
  { says: '请综治科12月10日下班前将名单报办公室', title: '将名单报办公室', lead: '综治科', due: DEC10 },
  {
    says: '请督查科牵头,对重点任务开展督查,12月10日前形成报告',
    title: '对重点任务开展督查,形成报告',
    lead: '督查科',
    due: DEC10,
  },
  {
    says: '责成综治科对排查出的问题限期整改,12月10日前整改到位',
    title: '对排查出的问题限期整改,整改到位',
    lead: '综治科',
    due: DEC10,
  },
  {
    says: '请办公室做好会务保障,综治科做好材料准备,12月10日前完成。',
    title: '做好会务保障,综治科做好材料准备',
    lead: '办公室',
    assists: ['综治科'],
    due: DEC10,
    doubt: /不止一个/,
  },
  {
    says: '请各科室于12月10日前报送年度总结,由办公室汇总',
    title: '请各科室报送年度总结,汇总',
    lead: '办公室',
    due: DEC10,
  },
  // subject first
  { says: '综治科牵头,12月10日前拿出整改措施', title: '拿出整改措施', lead: '综治科', due: DEC10 },
  { says: '综治科要在12月10日前拿出整改措施', title: '拿出整改措施', lead: '综治科', due: DEC10 },
  { says: '综治科12月10日前报送自查报告', title: '报送自查报告', lead: '综治科', due: DEC10 },
  { says: '办公室负责通知各单位,11月30日下班前完成', title: '通知各单位', lead: '办公室', due: '2026-11-30 17:30' },
  {
    says: '督查科、综治科负责,12月10日前完成实地核查',
    title: '完成实地核查',
    lead: '督查科',
    assists: ['综治科'],
    due: DEC10,
  },
  {
    says: '督查科和综治科共同负责年底平安建设考核,12月10日前完成',
    title: '年底平安建设考核',
    lead: '督查科',
    assists: ['综治科'],
    due: DEC10,
  },
  {
    says: '督查科配合综治科做好年底检查,12月10日前完成',
    title: '做好年底检查',
    lead: '综治科',
    assists: ['督查科'],
    due: DEC10,
  },
  {
    says: '综治科会同东湖区委政法委、西山区委政法委开展联合检查,12月中旬完成',
    title: '开展联合检查',
    lead: '综治科',
    assists: ['东湖区委政法委', '西山区委政法委'],
    due: '2026-12-20 17:30',
  },
  { says: '车队12月10日前完成全部车辆年底保养', title: '完成全部车辆年底保养', lead: '车队', due: DEC10 },
  // matter first
  {
    says: '完善网格化管理办法,综治科牵头,督查科配合,12月10日前完成。',
    title: '完善网格化管理办法',
    lead: '综治科',
    assists: ['督查科'],
    due: DEC10,
  },
  {
    says: '关于年底安全检查:由综治科牵头,督查科、车队配合,12月10日前完成。',
    title: '关于年底安全检查',
    lead: '综治科',
    assists: ['督查科', '车队'],
    due: DEC10,
  },
  {
    says: '原则同意《平安建设考核办法》,由综治科根据会议意见修改完善后于12月10日前印发。',
    title: '原则同意《平安建设考核办法》,根据会议意见修改完善后印发',
    lead: '综治科',
    due: DEC10,
  },
  {
    says: '会议决定,成立工作专班,由办公室负责组建,12月10日前到位。',
    title: '成立工作专班,组建',
    lead: '办公室',
    due: DEC10,
  },
  {
    says: '会议议定:开展矛盾纠纷大排查。责任单位:综治科。完成时限:12月10日。',
    title: '开展矛盾纠纷大排查',
    lead: '综治科',
    due: DEC10,
  },
  { says: '会议要求综治科12月10日前建立重点人员台账', title: '建立重点人员台账', lead: '综治科', due: DEC10 },
  // labels
  {
    says: '开展年底安全检查(牵头单位:综治科;配合单位:督查科、办公室;完成时限:12月10日前)',
    title: '开展年底安全检查',
    lead: '综治科',
    assists: ['督查科', '办公室'],
    due: DEC10,
  },
  {
    says: '开展年底安全检查(综治科牵头,督查科配合,12月10日前)',
    title: '开展年底安全检查',
    lead: '综治科',
    assists: ['督查科'],
    due: DEC10,
  },
  { says: '开展年底安全检查(综治科牵头;12月10日前完成)', title: '开展年底安全检查', lead: '综治科', due: DEC10 },
  {
    says: '开展年底安全检查。牵头单位:综治科 配合单位:督查科 时限:12月10日',
    title: '开展年底安全检查',
    lead: '综治科',
    assists: ['督查科'],
    due: DEC10,
  },
  {
    says: '开展年底安全检查【责任单位:综治科】【完成时限:2026年12月10日】',
    title: '开展年底安全检查',
    lead: '综治科',
    due: DEC10,
  },
  {
    says: '开展年底安全检查。(责任科室:综治科、督查科)12月10日前',
    title: '开展年底安全检查',
    lead: '综治科',
    assists: ['督查科'],
    due: DEC10,
  },
  { says: '修订保密制度 责任部门:办公室 完成时间:12月10日', title: '修订保密制度', lead: '办公室', due: DEC10 },
  {
    says: '开展年底安全检查,牵头:综治科,协办:督查科,12月10日前',
    title: '开展年底安全检查',
    lead: '综治科',
    assists: ['督查科'],
    due: DEC10,
  },
  { says: '开展年底安全检查;责任人:陈晨;时限:12月10日前', title: '开展年底安全检查', lead: '综治科 陈晨', due: DEC10 },
  {
    says: '开展年底安全检查\t综治科\t督查科\t12月10日',
    title: '开展年底安全检查',
    lead: '综治科',
    assists: ['督查科'],
    due: DEC10,
  },
  { says: '开展年底安全检查 综治科 12月10日前', title: '开展年底安全检查', lead: '综治科', due: DEC10 },
  // somebody by name
  { says: '由陈晨同志负责,12月10日前完成数据核对', title: '完成数据核对', lead: '综治科 陈晨', due: DEC10 },
  {
    says: '由综治科陈晨牵头,督查科王强配合,12月10日前完成数据核对',
    title: '完成数据核对',
    lead: '综治科 陈晨',
    assists: ['督查科 王强'],
    due: DEC10,
  },
  { says: '综治科(陈晨)牵头,12月10日前完成数据核对', title: '完成数据核对', lead: '综治科 陈晨', due: DEC10 },
  {
    says: '陈晨、曹颖负责整理会议材料,12月10日前归档',
    title: '整理会议材料,归档',
    lead: '综治科 陈晨',
    assists: ['综治科 曹颖'],
    due: DEC10,
  },
  { says: '请@陈晨 12月10日前完成数据核对', title: '完成数据核对', lead: '综治科 陈晨', due: DEC10 },
  // numbers of their own, width of the signs
  {
    says: '1. 由综治科牵头,督查科配合,12月10日前报送方案。',
    title: '报送方案',
    lead: '综治科',
    assists: ['督查科'],
    due: DEC10,
  },
  {
    says: '(二)由综治科牵头，督查科配合，１２月１０日前报送方案。',
    title: '报送方案',
    lead: '综治科',
    assists: ['督查科'],
    due: DEC10,
  },
  { says: '三是由综治科牵头,12月10日前报送方案', title: '报送方案', lead: '综治科', due: DEC10 },
  { says: '第四,综治科负责,12月10日前报送方案', title: '报送方案', lead: '综治科', due: DEC10 },
  { says: '• 综治科牵头,12月10日前报送方案', title: '报送方案', lead: '综治科', due: DEC10 },
  // deadlines
  { says: '由综治科牵头,年底前完成标准化建设', title: '完成标准化建设', lead: '综治科', due: '2026-12-31 17:30' },
  { says: '由综治科牵头,3个工作日内报送情况', title: '报送情况', lead: '综治科', due: '2026-12-02 17:30' },
  { says: '由综治科牵头,会后一周内报送情况', title: '报送情况', lead: '综治科', due: '2026-12-04 17:30' },
  { says: '由综治科牵头,12月10日12:00前报送情况', title: '报送情况', lead: '综治科', due: '2026-12-10 12:00' },
  { says: '由综治科牵头,2027年1月15日前报送全年总结', title: '报送全年总结', lead: '综治科', due: '2027-01-15 17:30' },
  { says: '综治科牵头,于12月10日召开推进会', title: '召开推进会', lead: '综治科', due: DEC10 },
  { says: '综治科12月1日至12月10日开展检查', title: '开展检查', lead: '综治科', due: DEC10 },
  { says: '由综治科牵头,尽快报送方案', title: '尽快报送方案', lead: '综治科', due: '', doubt: /“尽快”/ },
  { says: '由综治科牵头,抓紧推进,长期坚持', title: '抓紧推进,长期坚持', lead: '综治科', due: '', doubt: /“抓紧”/ },
  { says: '由综治科牵头,每月25日前报送进展', title: '报送进展', lead: '综治科', due: '', doubt: /周期/ },
  { says: '由综治科牵头,11月20日前报送方案', title: '报送方案', lead: '综治科', due: '', doubt: /已经过去/ },
  {
    says: '由综治科牵头,12月5日前报送方案,12月10日前完成整改',
    title: '报送方案,12月10日前完成整改',
    lead: '综治科',
    due: DEC10,
    doubt: /不止一个时限/,
  },
  { says: '由综治科牵头推进智慧安防小区建设', title: '推进智慧安防小区建设', lead: '综治科', due: '' },
  // nobody is named, or nobody we know
  { says: '12月10日前完成全市网格员培训', title: '完成全市网格员培训', lead: '', due: DEC10 },
  { says: '由应急科牵头,12月10日前报送方案', title: '报送方案', lead: '', due: DEC10, doubt: /“应急科”/ },
  {
    says: '由市应急局办公室牵头,12月10日前报送方案',
    title: '报送方案',
    lead: '',
    due: DEC10,
    doubt: /“市应急局办公室”/,
  },
  { says: '由各科室负责,12月10日前报送总结', title: '报送总结', lead: '', due: DEC10, doubt: /“各科室”/ },
  { says: '会议强调,要切实提高政治站位,抓好贯彻落实', title: '切实提高政治站位,抓好贯彻落实', lead: '', due: '' },
  { says: '材料于12月10日前报送办公室', title: '材料报送办公室', lead: '', due: DEC10 },
  {
    says: '由综治科牵头、应急科配合,12月10日前报送方案',
    title: '报送方案',
    lead: '综治科',
    due: DEC10,
    doubt: /“应急科”/,
  },
  { says: '由综治科牵头,12月10日前', title: '', lead: '综治科', due: DEC10, doubt: /请写明/ },
]
