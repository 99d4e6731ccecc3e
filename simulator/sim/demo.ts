import { reset } from '../world.ts'
import type { SimRoutes } from './ask.ts'

/** Begins the demo anew: together with the bot where whoever started both offers that, else only what is ours. */
export const demoRoutes: SimRoutes = {
  'GET /demo': ({ world }) => ({ whole: world.settings.startOver !== undefined }),
  'POST /demo/start-over': ({ world }) => {
    const { startOver } = world.settings
    if (startOver) startOver()
    else reset(world)
    return { whole: startOver !== undefined }
  },
}
