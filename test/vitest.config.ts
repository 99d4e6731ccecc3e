import { defineConfig } from 'vitest/config'

const HOUSE = ['test/**/*.test.ts']
const TRUST = ['test/trust-*.test.ts']

export default defineConfig({
  root: new URL('..', import.meta.url).pathname,
  test: {
    globalSetup: ['test/harness/built.ts', 'test/harness/postgres.ts', 'test/harness/pglite.ts'],
    // What holds the bot to the platform's limits in time runs by itself, once browsers and everything else have ended.
    projects: [
      {
        extends: true,
        test: {
          name: 'house',
          include: HOUSE,
          exclude: TRUST,
          maxWorkers: 2,
          // the house is read once, not anew for each file: what a module keeps counts for a whole process in production, too
          isolate: false,
          sequence: { groupOrder: 0 },
          provide: { wire: 'hasty' },
        },
      },
      {
        extends: true,
        test: { name: 'trust', include: TRUST, maxWorkers: 1, sequence: { groupOrder: 1 }, provide: { wire: 'real' } },
      },
    ],
    // only so that a test which never ends is told of: nothing is measured by it, and machines differ
    testTimeout: 90_000,
    hookTimeout: 120_000,
  },
})
