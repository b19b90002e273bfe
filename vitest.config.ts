import { availableParallelism } from 'node:os'
import { configDefaults, defineConfig } from 'vitest/config'

const cores = availableParallelism()

/** They start processes, browsers and servers, and wait for them more than they compute. */
const waiting = [
  'test/{cli,mutations}/**/*.test.ts',
  // Faults are told by the clock.
  'test/e2e/!(faults).test.ts',
  'test/e2e/*/**/*.test.ts',
  'test/servers/tenant/deploy-cli*.test.ts',
]

export default defineConfig({
  test: {
    testTimeout: 30_000,
    hookTimeout: 60_000,
    projects: [
      {
        extends: true,
        test: {
          name: 'waiting',
          include: waiting,
          maxWorkers: cores * 2,
          // Of processes and browsers on a machine that others use: what fails twice has failed.
          retry: process.env.CI === undefined ? 0 : 1,
          sequence: { groupOrder: 0 },
        },
      },
      {
        extends: true,
        test: {
          name: 'computing',
          include: ['test/**/*.test.ts'],
          exclude: [...configDefaults.exclude, ...waiting],
          // A worker more than there are cores makes every timing worse.
          maxWorkers: cores,
          sequence: { groupOrder: 1 },
        },
      },
    ],
  },
})
