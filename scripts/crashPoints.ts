/**
 * `npm run crash-points`: kills a worker before and after everything that its activities do, on the scenarios whose business it is, and prints the points. In
 * `npm test` each effect is killed once. `npm run crash-points -- releaseObject: before` takes only the points of which the words hold this.
 */
import { spawnSync } from 'node:child_process'

const { status } = spawnSync(
  process.execPath,
  ['node_modules/vitest/vitest.mjs', 'run', '--project', 'services', 'test/crash/crashPoints.test.ts'],
  {
    stdio: 'inherit',
    env: { ...process.env, CRASH_POINTS: process.argv.slice(2).join(' ') },
  },
)
process.exitCode = status ?? 1
