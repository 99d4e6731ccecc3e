import { holdCarBatch, keepCarBatch, openCarBatch } from '../../db/car-batch.ts'
import { driversAmong, holdDriver, holdVehicle, vehiclesPlated } from '../../db/car-fleet.ts'
import type { Action, FileDesk, Look, Turn } from '../../src/bot/feature.ts'
import type { Value } from '../../src/kit/card.ts'
import type { Part } from '../../src/kit/package.ts'
import { AlreadySo, Refusal } from '../../src/kit/refusal.ts'
import { sentence, shorten } from '../../src/kit/text.ts'
import { formatShort } from '../../src/kit/time.ts'
import {
  BATCH_PAGE,
  type Batch,
  type BatchRow,
  batchCard,
  isGood,
  MOST_ROWS,
  pageIn,
} from '../../src/office/car/batch.ts'
import {
  type DriverCells,
  KINDS,
  type Kind,
  readFleetTable,
  TABLE_HELP,
  type VehicleCells,
} from '../../src/office/car/columns.ts'
import { BLANK_DRIVER, type DriverWish, driverChanges, readDriver } from '../../src/office/car/driver.ts'
import type { Driver, Vehicle } from '../../src/office/car/fleet.ts'
import { isNone, isWithin, keeping, type Sphere } from '../../src/office/car/keeper.ts'
import { readPlate } from '../../src/office/car/plate.ts'
import { templateFile, templateName } from '../../src/office/car/template.ts'
import {
  BLANK,
  type Known,
  readVehicle,
  type VehicleWish,
  vehicleChanges,
  vehicleWords,
} from '../../src/office/car/vehicle.ts'
import { may } from '../../src/office/role/role.ts'
import { wholeId } from '../given.ts'
import { enrol, faultInRoster, rewriteDriver, whoIs } from './drivers.ts'
import { faultInReading, known, putOnFile, rewrite } from './fleet.ts'
import { kept } from './keeping.ts'
import { actorIn, actorOf, FEATURE } from './setting.ts'

const SHEETS = ['xlsx', 'xls', 'csv', 'et']
const OURS = /车辆|用车|公车|驾驶员|司机/

/** A workbook of vehicles or drivers, sent in private by whoever keeps them. */
export const fleetTables: FileDesk = {
  claims: name => OURS.test(name),

  async received(turn, said) {
    const [file] = said.attachments.filter(one => one.kind === 'file')
    const kind = /\.([a-z]{2,4})$/i.exec(file?.name ?? '')?.[1]?.toLowerCase() ?? ''
    if (!file || !SHEETS.includes(kind)) return undefined
    const actor = actorIn(turn)
    // others have tables of other kinds to send; whoever has none may call it what they like
    const codes = actor.held.map(({ code }) => code)
    if (isNone(keeping(actor, may)) || !(OURS.test(`${file.name}${said.text}`) || !may(codes, 'C', 'task.draft')))
      return undefined
    if (kind !== 'xlsx') throw new Refusal('登记车辆和驾驶员请用 .xlsx 格式的表格,请另存后重新发送')
    const name = shorten(file.name, 60)
    const id = await openCarBatch(turn.db, {
      ...{ maker: turn.who.id, name, kind: 'vehicle', state: 'reading', rows: [], remark: '', movedAt: turn.now },
    })
    turn.record({ feature: FEATURE, act: 'fleetTable', data: { id } })
    turn.fetch(file, FEATURE, String(id))
    return { say: { text: `已收到《${name}》,读取后发送核对卡片。` } }
  },

  async read(beat, matter, table) {
    const batch = await holdCarBatch(beat.db, Number(matter))
    if (batch.state !== 'reading') return
    const found = 'rows' in table ? readFleetTable(table.rows) : undefined
    const fault = 'fault' in table ? sentence(table.fault) : faultIn(found)
    if (!found || fault) {
      await keepCarBatch(beat.db, { ...batch, state: 'dropped', movedAt: beat.now })
      const words = `未能读取《${batch.name}》:${fault ?? ''}`
      return beat.send({ to: { person: batch.maker }, body: { text: words }, urgent: true })
    }
    const { kind, read } = found
    const sphere = keeping(await actorOf(beat, batch.maker), may)
    const rows = await rowsOf(beat, kind, read.rows.map(fitting), sphere)
    const remark = read.unknown.length ? `未识别的列:${shorten(read.unknown.join('、'), 100)}` : ''
    const open: Batch = { ...batch, kind, state: 'open', rows, remark, movedAt: beat.now }
    await keepCarBatch(beat.db, open)
    beat.send({ to: { person: batch.maker }, body: { card: batchCard(open, 0) }, urgent: true })
  },
}

/** Whatever is longer than any field is wrong as it stands: what is kept of it shows that. */
const LONGEST_CELL = 300
const fitting = (cells: BatchRow['cells']): BatchRow['cells'] =>
  Object.fromEntries(Object.entries(cells).map(([name, cell]) => [name, cell.slice(0, LONGEST_CELL)]))

function faultIn(found: ReturnType<typeof readFleetTable>): string | undefined {
  if (!found) return `没有找到列名。${TABLE_HELP.vehicle}${TABLE_HELP.driver}`
  const { length } = found.read.rows
  if (length === 0) return `列名之下没有内容。${TABLE_HELP[found.kind]}`
  return length > MOST_ROWS ? `共${length}项,一次最多${MOST_ROWS}项,请拆分后重新发送。` : undefined
}

type Reading = Pick<Look, 'db' | 'now' | 'office'>

/** What the rows mean as things are, each with what is wrong with it. */
async function rowsOf(look: Reading, kind: Kind, cells: BatchRow['cells'][], sphere: Sphere): Promise<BatchRow[]> {
  const read = kind === 'vehicle' ? await vehicleRows(look, cells, sphere) : await driverRows(look, cells)
  return read.map(({ row }) => row)
}

interface ReadRow<Wish, Found> {
  row: BatchRow
  wish: Wish
  found: Found | undefined
}

async function vehicleRows(
  look: Reading,
  some: BatchRow['cells'][],
  sphere: Sphere,
): Promise<Array<ReadRow<VehicleWish, Vehicle>>> {
  const facts = await known(look)
  const plates = some.map(({ plate = '' }) => readPlate(plate)).map(read => ('plate' in read ? read.plate : ''))
  const kept = await vehiclesPlated(look.db, [...new Set(plates.filter(plate => plate !== ''))])
  const units = new Map(facts.units.map(unit => [unit.id, unit.name]))
  const read: Array<ReadRow<VehicleWish, Vehicle>> = []
  for (const [i, cells] of some.entries()) {
    const found = kept.get(plates[i] ?? '')
    const { wish, faults } = readVehicle(cells as Partial<VehicleCells>, found ?? BLANK, facts)
    const again = plates[i] !== '' && plates.indexOf(plates[i] ?? '') < i
    const strange = !isWithin(sphere, wish.unit) || (found && !isWithin(sphere, found.unit))
    const stale = found && (await faultInReading(look, found, wish))
    const wrong = [again ? '与前面的行重复' : undefined, strange ? '不是本人负责单位的车辆' : undefined, stale]
    const row: BatchRow = {
      cells,
      title: 'plate' in readPlate(cells.plate ?? '') ? wish.plate : (cells.plate ?? ''),
      words: inWords(wish, units, look.now),
      faults: [...faults, ...wrong.filter(fault => fault !== undefined)],
      ...(found ? { id: found.id } : {}),
      changes: found && !faults.length ? vehicleChanges(found, wish, units, look.now) : [],
    }
    read.push({ row, wish, found })
  }
  return read
}

const inWords = (wish: VehicleWish, units: ReadonlyMap<string, string>, now: Date): string =>
  vehicleWords(wish, units, now)
    .filter(([label, value]) => value !== '' && label !== '车牌号' && label !== '加油卡号')
    .map(([label, value]) => `${label}:${value}`)
    .join(' · ')

async function driverRows(look: Reading, some: BatchRow['cells'][]): Promise<Array<ReadRow<DriverWish, Driver>>> {
  const before = await driversAmong(look.db, [], [...new Set(some.map(({ name = '' }) => name.trim()))])
  const read: Array<ReadRow<DriverWish, Driver>> = []
  for (const cells of some) {
    const who = await whoIs(look, (cells.name ?? '').trim(), (cells.unit ?? '').trim())
    const found = before.find(
      one =>
        one.name === cells.name?.trim() && (who.person ? one.person === who.person : one.phone === cells.phone?.trim()),
    )
    const { wish, faults } = readDriver(
      cells as Partial<DriverCells>,
      found ?? { ...BLANK_DRIVER, person: who.person },
      look,
    )
    const key = `${wish.person ?? wish.phone} ${wish.name}`
    const again = read.some(({ wish: other }) => `${other.person ?? other.phone} ${other.name}` === key)
    const known = faults.length ? undefined : await faultInRoster(look, wish, found?.id)
    const wrong = [who.doubt, again ? '与前面的行重复' : undefined, known]
    const row: BatchRow = {
      cells,
      title: wish.name || '(未写姓名)',
      words: `${wish.licence} · 驾驶证至${wish.licenceUntil ? formatShort(wish.licenceUntil, look.now) : '未填'}${wish.person ? '' : ' · 未关联账号'}`,
      faults: [...faults, ...wrong.filter(fault => fault !== undefined)],
      ...(found ? { id: found.id } : {}),
      changes: found && !faults.length ? driverChanges(found, wish, look.now) : [],
    }
    read.push({ row, wish, found })
  }
  return read
}

/** A turn of the page. */
const turnPage: Action = async (turn, { value }) => {
  const batch = await own(turn, value.id)
  return { fresh: { card: batchCard(batch, pageIn(value.page, batch.rows.length, BATCH_PAGE)) } }
}

/** 全部登记: every row that is without a fault as things are now, all in this turn. */
const keepAll: Action = async (turn, { value }) => {
  const sphere = kept(turn)
  const batch = await own(turn, value.id)
  refuseMoved(turn, batch)
  const cells = batch.rows.map(row => row.cells)
  const rows = batch.kind === 'vehicle' ? await keepVehicles(turn, cells, sphere) : await keepDrivers(turn, cells)
  const after: Batch = { ...batch, state: 'kept', rows, movedAt: turn.now }
  await keepCarBatch(turn.db, after)
  const done = rows.filter(isGood).length
  return { toast: { kind: 'success', words: `已登记${done}项` }, fresh: { card: batchCard(after, 0) } }
}

async function keepVehicles(turn: Turn, cells: BatchRow['cells'][], sphere: Sphere): Promise<BatchRow[]> {
  const facts: Known = await known(turn)
  const read = await vehicleRows(turn, cells, sphere)
  for (const { row, wish, found } of read) {
    if (!isGood(row)) continue
    if (found) await rewrite(turn, await holdVehicle(turn.db, found.id), wish, 'import', facts)
    else await putOnFile(turn, wish, 'import')
  }
  return read.map(({ row }) => row)
}

async function keepDrivers(turn: Turn, cells: BatchRow['cells'][]): Promise<BatchRow[]> {
  const read = await driverRows(turn, cells)
  for (const { row, wish, found } of read) {
    if (!isGood(row)) continue
    if (found) await rewriteDriver(turn, await holdDriver(turn.db, found.id), wish, 'import')
    else await enrol(turn, wish, 'import')
  }
  return read.map(({ row }) => row)
}

const drop: Action = async (turn, { value }) => {
  const batch = await own(turn, value.id)
  refuseMoved(turn, batch)
  const after: Batch = { ...batch, state: 'dropped', movedAt: turn.now }
  await keepCarBatch(turn.db, after)
  return { toast: { kind: 'success', words: '已作废' }, fresh: { card: batchCard(after, 0) } }
}

function refuseMoved({ now }: Turn, { state, movedAt }: Batch): void {
  if (state === 'open') return
  throw new AlreadySo(`${formatShort(movedAt, now)}${state === 'kept' ? '已登记' : '已作废'},请勿重复操作`)
}

/** Only whoever handed it in sees it. */
async function own(turn: Turn, id: unknown): Promise<Batch> {
  const batch = await holdCarBatch(turn.db, wholeId(id, '卡片已过期,请重新发送'))
  if (batch.maker !== turn.who.id) throw new Refusal('卡片已过期,请重新发送')
  return batch
}

/** 表格模板: an empty table with its heads. */
const template: Action = async (turn, { value }) => {
  kept(turn)
  const kind: Kind = value.kind === 'driver' ? 'driver' : 'vehicle'
  turn.send({
    to: { person: turn.who.id },
    body: { file: { feature: FEATURE, name: templateName(kind), order: { template: kind } } },
    urgent: true,
  })
  return { toast: { kind: 'success', words: `${KINDS[kind]}表格随后发送到私聊` } }
}

export const isTemplate = ({ template: kind }: Value): boolean => kind === 'vehicle' || kind === 'driver'

/** The file that a press of 表格模板 ordered. */
export const templateOf = ({ template: kind }: Value): Part[] => templateFile(kind === 'driver' ? 'driver' : 'vehicle')

export const importActions = {
  fleetBatch: turnPage,
  fleetKeep: keepAll,
  fleetDrop: drop,
  fleetTemplate: template,
} satisfies Record<string, Action>
