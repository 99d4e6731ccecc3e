import { WINDOWS } from '../../src/bot/limits.ts'
import { startNode } from '../../src/node/start.ts'
import { tellOurTimes } from './times.ts'

/** The bot as it is, but for the platform's windows: lifted, to see how fast it would be, or shut, to see a turn without its delivery. */
const most = Number(process.env.BENCH_WINDOW)
Object.assign(WINDOWS, { apiSecond: most, apiMinute: most, laneSecond: most })
tellOurTimes()
await startNode()
