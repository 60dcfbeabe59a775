/**
 * `npm run outages`: kills Temporal, Postgres, the object store and the scanner, and lets the last three hang, for 20 s each while 200 uploads go through the
 * API and a real worker. In `npm test` they are away for seconds, one after the other under the same uploads. Then kills API, worker, Postgres and Temporal at the
 * moments of 25 seeds while people write; in `npm test` of two.
 */
import { spawnSync } from 'node:child_process'

const { status } = spawnSync(
  process.execPath,
  ['node_modules/vitest/vitest.mjs', 'run', '--project', 'services', 'test/crash/outages.test.ts', 'test/crash/posting.test.ts'],
  {
    stdio: 'inherit',
    env: { ...process.env, OUTAGES: 'full' },
  },
)
process.exitCode = status ?? 1
