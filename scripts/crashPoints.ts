/**
 * `npm run crash-points`: kills a worker before and after everything that its activities do, each once, and prints the points. With `--every-scenario`
 * each on all the scenarios whose business it is. In `npm test` each effect is killed once, before or after it. `npm run crash-points -- releaseObject: before`
 * takes only the points of which the words hold this.
 */
import { spawnSync } from 'node:child_process'

const everyScenario = '--every-scenario'
const words = process.argv.slice(2).filter((word) => word !== everyScenario)
const { status } = spawnSync(
  process.execPath,
  [
    'node_modules/vitest/vitest.mjs',
    'run',
    '--project',
    'services',
    '--no-file-parallelism',
    'test/crash/crashPoints.test.ts',
    'test/crash/rosterCrashPoints.test.ts',
  ],
  {
    stdio: 'inherit',
    env: { ...process.env, CRASH_POINTS: words.join(' '), CRASH_SCENARIOS: process.argv.includes(everyScenario) ? 'every' : 'one' },
  },
)
process.exitCode = status ?? 1
