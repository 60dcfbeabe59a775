import { globSync, readFileSync } from 'node:fs'
import { expect, it } from 'vitest'
import type { HistoryEvent } from './historyEvent.ts'
import { toTimeline } from './toTimeline.ts'

const read = (name: string): HistoryEvent[] =>
  (JSON.parse(readFileSync(new URL(`../test/replay/histories/${name}`, import.meta.url), 'utf8')) as { events: HistoryEvent[] }).events
const names = globSync('*.json', { cwd: new URL('../test/replay/histories', import.meta.url).pathname })

it.each(names)('reads %s: every activity is there with its end, in the order of what happened, and the run has one', (name) => {
  const events = read(name)
  const timeline = toTimeline(events)
  const scheduled = events.filter(({ eventType }) => eventType === 'EVENT_TYPE_ACTIVITY_TASK_SCHEDULED')
  expect(timeline.filter(({ what }) => what.startsWith('activity '))).toHaveLength(scheduled.length)
  expect(timeline[0]?.what).toMatch(/^run of \w+ began$/)
  expect(timeline.filter(({ what }) => what === 'run')).toHaveLength(1)
  expect(timeline.map(({ atMs }) => atMs)).toEqual(timeline.map(({ atMs }) => atMs).toSorted((one, other) => one - other))
  expect(timeline.filter(({ tookMs }) => tookMs !== null && tookMs < 0)).toEqual([])
})

it('says of which kind a failure was, and of how many tries', () => {
  const failed = toTimeline(read('scanAttachment.failed.json'))
  expect(failed.at(-1)).toMatchObject({ what: 'run', outcome: 'failed', failure: expect.stringMatching(/^\w+$/) })
  expect(failed.some(({ what, outcome, failure }) => what.startsWith('activity') && outcome === 'failed' && failure !== null)).toBe(true)
})
