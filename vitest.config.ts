import { defineConfig } from 'vitest/config'

const plantedAndFetched = ['**/node_modules/**', '.stack/**', 'test/boundaries/planted/**']

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
          testTimeout: 60_000,
          hookTimeout: 120_000,
          maxWorkers: 2,
        },
      },
    ],
  },
})
