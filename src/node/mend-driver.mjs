import { fileURLToPath } from 'node:url'

const QUEUE = fileURLToPath(new URL('driver-queue.ts', import.meta.url))

/** For esbuild: bundles our own queue in the place of the driver's, see `driver-queue.ts`. Plain JavaScript, for it is used before anything is built. */
export const mendDriver = {
  name: 'mend-driver',
  setup(build) {
    build.onResolve({ filter: /^\.\/queue\.js$/ }, ({ importer }) =>
      /[\\/]postgres[\\/]src[\\/]/.test(importer) ? { path: QUEUE } : undefined,
    )
  },
}
