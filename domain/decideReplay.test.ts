import { expect, it } from 'vitest'
import { attachmentStates } from './attachment.ts'
import { decideReplay } from './decideReplay.ts'

const standings = ['open', 'closed', 'none', 'unknown'] as const

it('replays what failed, whatever became of its run', () => {
  for (const run of standings) expect(decideReplay({ state: 'failed', run, isStartWaiting: false })).toBe('replay')
})

it('wakes a run that is open, and never starts a second one beside it', () => {
  for (const isStartWaiting of [true, false]) expect(decideReplay({ state: 'scanning', run: 'open', isStartWaiting })).toBe('wake')
})

it('takes the silence of the server for no end', () => {
  for (const isStartWaiting of [true, false]) expect(decideReplay({ state: 'scanning', run: 'unknown', isStartWaiting })).toBe('wait')
})

it('replays a scan whose run was terminated, cancelled or lost, but starts one that was never started', () => {
  expect(decideReplay({ state: 'scanning', run: 'none', isStartWaiting: false })).toBe('replay')
  expect(decideReplay({ state: 'scanning', run: 'none', isStartWaiting: true })).toBe('start')
})

it('replays a scan whose run has ended, also when the outbox was never told of its start: that id would not be started again', () => {
  for (const isStartWaiting of [true, false]) expect(decideReplay({ state: 'scanning', run: 'closed', isStartWaiting })).toBe('replay')
})

it('leaves alone whatever needs no scan any more', () => {
  for (const state of attachmentStates.filter((one) => one !== 'failed' && one !== 'scanning'))
    for (const run of standings) expect(decideReplay({ state, run, isStartWaiting: false })).toBe('leave')
})
