/** What a vehicle may be kept for (domain.md 4.1; 《党政机关公务用车管理办法》第三条). */
export const CATEGORIES = {
  confidential: '机要通信用车',
  emergency: '应急保障用车',
  enforcement: '执法执勤用车',
  special: '特种专业技术用车',
  other: '其他公务用车',
} as const
export type Category = keyof typeof CATEGORIES

/** Why a vehicle of the house is warranted (domain.md 4.2); `ordinary` = none of these: a trip that people make by themselves. */
export const GROUNDS = {
  important: '重要公务(上级来人、全市重要会议、外事)',
  urgent: '应急机要(抢险救灾、突发事件、紧急会议、机要件、紧急送医)',
  survey: '调研(领导带队、公共交通不便地区)',
  remote: '远程(补贴区域外且公共交通不便)',
  group: '单位统一组织的10人以上集体活动',
  joint: '跨部门联合督查检查',
  duty: '执法办案、巡逻、安保、处突',
  approved: '经主要领导批准的其他',
  ordinary: '普通公务出行',
} as const
export type Ground = keyof typeof GROUNDS

/** How far a trip goes (CAR-19, CAR-20). */
export const REACHES = { town: '市内', beyond: '出市', province: '出省' } as const
export type Reach = keyof typeof REACHES

/** How somebody consented before it was on file (4.3, 特别紧急). */
export const CONSENTS = { spoken: '当面同意', phone: '电话同意', message: '信息同意' } as const
export type Consent = keyof typeof CONSENTS

export const FUELS = { petrol: '汽油', diesel: '柴油', electric: '纯电动', hybrid: '混合动力' } as const
export type Fuel = keyof typeof FUELS

export const VEHICLE_STATES = { available: '可用', repair: '维修', sealed: '封存', retired: '报废' } as const
export type VehicleState = keyof typeof VEHICLE_STATES

export const DRIVER_STATES = { available: '在岗', away: '请假', left: '离岗' } as const
export type DriverState = keyof typeof DRIVER_STATES

/** 准驾车型 that a house's vehicles ask for (《机动车驾驶证申领和使用规定》附件1). */
export const LICENCES = ['A1', 'A2', 'A3', 'B1', 'B2', 'C1', 'C2'] as const
export type Licence = (typeof LICENCES)[number]

/** What is spent on a vehicle (domain.md 4.6). */
export const COSTS = {
  fuel: '加油',
  charge: '充电',
  toll: '过路费',
  parking: '停车费',
  wash: '洗车',
  repair: '维修',
  service: '保养',
  insurance: '保险',
  fine: '违章',
  other: '其他',
} as const
export type CostKind = keyof typeof COSTS
