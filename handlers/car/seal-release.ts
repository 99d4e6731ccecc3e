import { holdVehicle } from '../../db/car-fleet.ts'
import { holdSeal, keepSeals } from '../../db/car-seal.ts'
import { peopleById } from '../../db/people.ts'
import { holdersAmong } from '../../db/role.ts'
import type { Action, Turn } from '../../src/bot/feature.ts'
import { AlreadySo, Refusal } from '../../src/kit/refusal.ts'
import { dayIn } from '../../src/kit/time.ts'
import { isShut, type Release, SEAL_LIMITS } from '../../src/office/car/seal.ts'
import { releaseForm } from '../../src/office/car/seal-cards.ts'
import { CONSENTS, type Consent } from '../../src/office/car/terms.ts'
import { wholeId, wordIn } from '../given.ts'
import { asOptions } from '../named.ts'
import { intoState } from './fleet.ts'
import { matterOf, noteChange, refuseOtherKeepers } from './keeping.ts'
import { pressed } from './sealing.ts'
import { FEATURE } from './setting.ts'
import { stateUnsealed } from './unseal.ts'

const LEADERS = ['LD', 'FG', 'BZ']

/** 启用封存车辆: opens the form. */
export const openForm: Action = async (turn, press) => {
  const { cars, title, from } = await pressed(turn, press)
  const shut = cars.flatMap(({ vehicle, seal: one }) =>
    one && isShut(one) ? [{ value: String(one.id), label: vehicle.plate }] : [],
  )
  if (!shut.length) throw new Refusal('没有可以启用的封存车辆')
  const leaders = await leadersBeside(turn)
  if (!leaders.length) throw new Refusal('没有可以同意启用的领导,请系统管理员核对角色设置')
  return {
    say: { card: releaseForm(title, from, shut, await asOptions(turn, leaders)) },
    privately: true,
    toast: { kind: 'success', words: '请在新卡片中填写' },
  }
}

/** Who may consent: leaders and 办公室主任, but not whoever puts it down. */
async function leadersBeside({ db, now, who }: Turn) {
  const held = await holdersAmong(db, LEADERS, dayIn(now))
  const people = await peopleById(db, [...new Set(held.map(one => one.person))])
  return people.filter(({ active, id }) => active && id !== who.id)
}

/** 登记启用: with whose consent and for what; the leader is told at once. */
export const release: Action = async (turn, press) => {
  const sealing = await pressed(turn, press)
  const sealed = await holdSeal(turn.db, wholeId(press.form.seal, '请选择车辆'))
  const vehicle = await holdVehicle(turn.db, sealed.vehicle)
  refuseOtherKeepers(turn, vehicle.unit)
  if (sealed.from !== sealing.from) throw new Refusal('卡片已过期,请重新发送 /用车 封存')
  if (!isShut(sealed)) throw new AlreadySo(`${vehicle.plate}已经启用`)
  const leader = (await leadersBeside(turn)).find(({ id }) => id === press.form.leader)
  if (!leader) throw new Refusal('请选择同意启用的值班领导;登记人不能同意本人的登记')
  const word = wordIn(press.form, 'word', SEAL_LIMITS.word)
  if (!word) throw new Refusal('请写明用车事由')
  const way = wordIn(press.form, 'way', 20)
  if (!Object.hasOwn(CONSENTS, way)) throw new Refusal('请选择同意方式')
  const one: Release = {
    ...{ by: turn.who.id, consentedBy: leader.id, way: way as Consent, at: turn.now.toISOString(), word },
  }
  await keepSeals(turn.db, [{ before: sealed, after: { ...sealed, releases: [...sealed.releases, one] } }])
  if ((await stateUnsealed(turn, vehicle)) === 'repair') throw new Refusal(`${vehicle.plate}有未办结的报修单,不能启用`)
  if (vehicle.state === 'sealed') await intoState(turn, vehicle, 'available', 'release')
  else noteChange(turn, 'release', matterOf('vehicle', vehicle.id), [])
  const told = `${turn.who.name}登记:经您${CONSENTS[one.way]},启用${sealing.title}假期封存车辆${vehicle.plate},事由:${word}。如有不符,请与其联系。`
  turn.send({ to: { person: leader.id }, body: { text: told }, urgent: true })
  turn.redraw(FEATURE, matterOf('seal', sealing.from))
  return {
    toast: { kind: 'success', words: '已登记启用' },
    fresh: { matter: { feature: FEATURE, id: matterOf('seal', sealing.from) } },
  }
}
