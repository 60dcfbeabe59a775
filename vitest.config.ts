import { availableParallelism } from 'node:os'
import { defineConfig } from 'vitest/config'

const plantedAndFetched = ['**/node_modules/**', '.stack/**', 'test/boundaries/planted/**']

/**
 * Both projects have the same, or vitest refuses to run them together on some machines. More than there are processors, since a test that waits for a
 * server needs none; no more than eight, since the servers are shared.
 */
const maxWorkers = Math.min(availableParallelism() + 2, 8)

/**
 * `unit`: rules beside the code, no process, no port. `services`: one real stack for the whole run,
 * a database per test file.
 */
export default defineConfig({
  test: {
    projects: [
      {
        test: {
          name: 'unit',
          include: ['**/*.test.ts'],
          exclude: [...plantedAndFetched, 'test/**'],
          maxWorkers,
          // Rules compute; on a busy machine they wait for their turn.
          testTimeout: 60_000,
        },
      },
      {
        test: {
          name: 'services',
          include: ['test/**/*.test.ts'],
          exclude: plantedAndFetched,
          globalSetup: ['test/support/globalStack.ts'],
          // Longer than anything takes on a machine that is busy with four files at once.
          testTimeout: 120_000,
          hookTimeout: 180_000,
          // Named at the end of the run: docs/decisions/second-attempts.md.
          retry: 1,
          maxWorkers,
        },
      },
    ],
  },
})
