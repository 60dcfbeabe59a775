/**
 * `npm run histories`: walks every path of every workflow on the real servers and saves what they made under `test/replay/histories`.
 * Run it after a workflow gained a path; a change of an old path needs `patched()` instead (docs/changing-a-workflow.md).
 */
import { spawnSync } from 'node:child_process'

const { status } = spawnSync(
  process.execPath,
  [
    'node_modules/vitest/vitest.mjs',
    'run',
    'test/replay/paths.test.ts',
    'test/roster/pull.test.ts',
    'test/workflows/notifying.test.ts',
    'test/workflows/noticeAnnouncement.test.ts',
    'test/workflows/mailFeedback.test.ts',
    'test/workflows/translateMessage.test.ts',
  ],
  {
    stdio: 'inherit',
    env: { ...process.env, SAVE_HISTORIES: '1' },
  },
)
process.exitCode = status ?? 1
