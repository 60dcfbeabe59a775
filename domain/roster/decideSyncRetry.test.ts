import { expect, test } from 'vitest'
import { decideSyncRetry } from './decideSyncRetry.ts'

const given = (state: string, run: 'open' | 'closed' | 'none' | 'unknown', isStartWaiting = false) =>
  decideSyncRetry({ state, run, isStartWaiting })

test.each(['open', 'closed', 'none', 'unknown'] as const)(
  'a sync that failed is retried, whatever the server says of its run: %s',
  (run) => {
    expect(given('failed', run)).toBe('replay')
  },
)

test.each(['queued', 'running'])(
  'a sync that is %s goes on by its open run, and gets another only when that is known to be gone',
  (state) => {
    expect(given(state, 'open')).toBe('wake')
    expect(given(state, 'unknown')).toBe('wait')
    expect(given(state, 'closed')).toBe('replay')
    expect(given(state, 'none')).toBe('replay')
    expect(given(state, 'none', true)).toBe('start')
    expect(given(state, 'closed', true)).toBe('replay')
  },
)

test.each(['applied', 'unchanged', 'partly-applied', 'previewed', 'unreadable', 'stale', 'expired', 'awaiting-upload'])(
  'a sync that is %s is left alone: nothing of ours would end it otherwise',
  (state) => {
    for (const run of ['open', 'closed', 'none', 'unknown'] as const) expect(given(state, run)).toBe('leave')
  },
)
