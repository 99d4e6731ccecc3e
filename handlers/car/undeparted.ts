import type { Beat } from '../../src/bot/feature.ts'
import type { FullRun } from '../../src/office/car/run.ts'
import { undepartedCard, undepartedLine } from '../../src/office/car/run-notices.ts'
import type { Setting } from '../../src/office/car/trip.ts'
import { tellCalmly } from '../calm.ts'
import { dispatchersFor } from './recipients.ts'
import { noteRun } from './run-meant.ts'

/** Of a departure that nobody has put down: asks whoever was to drive once, who is on duty; the dispatchers when it should be over. */
export async function askForDeparture(beat: Beat, full: FullRun, setting: Setting): Promise<void> {
  const { run, driver } = full
  const [trip] = full.trips
  if (!trip) return
  const pilot = driver?.person ?? run.pilot
  noteRun(beat, 'undeparted', run, { over: run.endsAt <= beat.now })
  if (run.endsAt > beat.now && pilot) {
    beat.send({ to: { person: pilot }, body: { card: undepartedCard(full, setting) }, urgent: true })
    return
  }
  const dispatchers = await dispatchersFor(beat, trip)
  await tellCalmly(beat, '用车提示', new Map(dispatchers.map(id => [id, [undepartedLine(full, setting)]])))
}
