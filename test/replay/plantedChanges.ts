import type { WorkflowEdit } from '../support/bundleChangedWorkflows.ts'

/** A change of a workflow, and a saved history that tells it apart. */
export type PlantedChange = { change: string; edits: WorkflowEdit[]; history: string }

const inScan = (from: string, to: string): WorkflowEdit[] => [{ file: 'scanAttachment.ts', from, to }]
const inRounds = (from: string, to: string): WorkflowEdit[] => [{ file: 'createRounds.ts', from, to }]
const removal = "const removed = await rounds.attempt('recording', () => act.removeIncoming(ref))"
const closing = "const closed = await rounds.attempt('recording', () => act.closeAttachment(ref))"
const claim = "if (turn.outcome === 'claimed') return applyInRounds(sync)"

/** What would leave runs stuck that are under way. Each is found by a history that was saved before. */
export const breakingChanges: PlantedChange[] = [
  { change: 'a step added', edits: inScan(removal, `await act.removeIncoming(ref)\n  ${removal}`), history: 'scanAttachment.clean' },
  {
    change: 'a step removed',
    edits: inScan(closing, "const closed = { outcome: 'closed' }"),
    history: 'scanAttachment.clean',
  },
  {
    change: 'two steps in the other order',
    edits: [
      ...inScan(removal, `${closing}\n  ${removal}`),
      ...inScan(`await tellSoon(ref, act, news)\n  ${closing}`, 'await tellSoon(ref, act, news)'),
    ],
    history: 'scanAttachment.clean',
  },
  {
    change: 'an activity renamed',
    edits: [
      { file: 'proxyAttachmentActivities.ts', from: 'closeAttachment: steps.closeAttachment', to: 'closeAttachment: steps.endAttachment' },
    ],
    history: 'scanAttachment.clean',
  },
  {
    change: 'a wait added, of random length',
    edits: [
      ...inScan('import { allHandlersFinished', 'import { sleep, allHandlersFinished'),
      ...inScan(removal, `await sleep(1 + Math.random() * 10)\n  ${removal}`),
    ],
    history: 'scanAttachment.infected',
  },
  {
    change: 'a timer removed',
    edits: inRounds('if (!memory.isDelayed) void CancellationScope.nonCancellable(watchClock)', ''),
    history: 'scanAttachment.clean',
  },
  {
    change: 'a branch on the clock',
    edits: inScan(removal, `if (new Date().getUTCDay() < 7) await act.pinVersion(ref)\n  ${removal}`),
    history: 'scanAttachment.refused',
  },
  {
    change: 'a wait for a signal without its end',
    edits: inRounds(
      'await condition(() => isWoken, Math.min(pace.waitBetweenRoundsMs, pace.waitBetweenTriesMs * 2 ** (memory.round - 1)))',
      'await condition(() => isWoken)',
    ),
    history: 'scanAttachment.delayed',
  },
  {
    change: 'another moment to continue as new',
    edits: inRounds('if (rounds >= pace.roundsPerRun)', 'if (rounds > pace.roundsPerRun)'),
    history: 'scanAttachment.continued',
  },
  {
    change: 'a local activity made a usual one',
    edits: [
      ...inScan('condition, proxyLocalActivities }', 'condition, proxyActivities }'),
      ...inScan('= proxyLocalActivities<', '= proxyActivities<'),
    ],
    history: 'scanAttachment.no-object',
  },
  {
    change: 'a search attribute no longer set',
    edits: [{ file: 'showStage.ts', from: 'upsertSearchAttributes([', to: 'void ([' }],
    history: 'removeAttachment.done',
  },
  {
    change: 'the parts of a sweep in another order',
    edits: [
      { file: 'sweepAttachments.ts', from: '    delayed: alertDelayed,\n', to: '' },
      {
        file: 'sweepAttachments.ts',
        from: '    objects: act.sweepIncoming,\n',
        to: '    objects: act.sweepIncoming,\n    delayed: alertDelayed,\n',
      },
    ],
    history: 'sweepAttachments.done',
  },
  {
    change: 'a turn that is taken twice',
    edits: [{ file: 'syncRoster.ts', from: claim, to: `if (turn.outcome === 'claimed') await act.takeTurn(ref)\n    ${claim}` }],
    history: 'syncRoster.applied',
  },
  {
    change: 'a turn that is no longer waited for',
    edits: [{ file: 'syncRoster.ts', from: 'await pause(pace.turnWaitMs)', to: '' }],
    history: 'syncRoster.waited',
  },
  {
    change: 'a failed sync that wakes the next one before it says so',
    edits: [
      {
        file: 'syncRoster.ts',
        from: 'await act.failRosterSync(ref, failure.type)\n    await act.wakeNextSync(ref.districtId)',
        to: 'await act.wakeNextSync(ref.districtId)\n    await act.failRosterSync(ref, failure.type)',
      },
    ],
    history: 'syncRoster.failed',
  },
  {
    change: 'administrators who are told at every look',
    edits: [{ file: 'decideRemoval.ts', from: 'if (!memory.isTold) memory.isTold', to: 'memory.isTold' }],
    history: 'decideRemoval.undecided',
  },
  {
    change: 'a branch on chance in a look at what is held',
    edits: [
      {
        file: 'decideRemoval.ts',
        from: 'const look = await act.lookAtRemovals(ref)',
        to: 'if (Math.random() < 2) await act.lookAtRemovals(ref)\n      const look = await act.lookAtRemovals(ref)',
      },
    ],
    history: 'decideRemoval.none',
  },
  {
    change: 'people who are told before they are signed out',
    edits: [
      { file: 'settleVersion.ts', from: '  const { sessions, uploads } = await cutOff(ref)\n', to: '' },
      {
        file: 'settleVersion.ts',
        from: "  show(ref, 'telling', { sessions, uploads })\n  const { told } = await tellParted(ref)\n",
        to: "  const { told } = await tellParted(ref)\n  const { sessions, uploads } = await cutOff(ref)\n  show(ref, 'telling', { sessions, uploads })\n",
      },
    ],
    history: 'settleVersion.done',
  },
  {
    change: 'a pause before a year is closed',
    edits: [
      { file: 'closeSchoolYear.ts', from: 'proxyActivities, setCurrentDetails', to: 'sleep, proxyActivities, setCurrentDetails' },
      { file: 'closeSchoolYear.ts', from: '  const { channels } = await', to: "  await sleep('1 day')\n  const { channels } = await" },
    ],
    history: 'closeSchoolYear.done',
  },
  {
    change: 'a pull that fetches twice',
    edits: [{ file: 'pullRoster.ts', from: 'return await pullFeed(ref)', to: 'await pullFeed(ref)\n    return await pullFeed(ref)' }],
    history: 'pullRoster.queued',
  },
  {
    change: 'a pull whose failure is written nowhere',
    edits: [
      {
        file: 'pullRoster.ts',
        from: "(await endPull(ref, code)) ? { outcome: 'failed', code } : { outcome: 'superseded' }",
        to: "endPull === undefined ? { outcome: 'superseded' } : { outcome: 'failed', code }",
      },
    ],
    history: 'pullRoster.failed',
  },
]

/** What runs that are under way do not notice. */
export const harmlessChanges: PlantedChange[] = [
  { change: 'nothing', edits: [], history: 'scanAttachment.clean' },
  {
    change: 'another argument of an activity',
    edits: inScan(removal, removal.replace('(ref))', '({ ...ref }))')),
    history: 'scanAttachment.clean',
  },
  {
    change: 'a longer timeout',
    edits: [{ file: 'removeAttachment.ts', from: "startToCloseTimeout: '1 minute'", to: "startToCloseTimeout: '2 minutes'" }],
    history: 'removeAttachment.done',
  },
  {
    change: 'a longer wait',
    edits: inRounds('await condition(() => isWoken, Math.min(', 'await condition(() => isWoken, 1 + Math.min('),
    history: 'scanAttachment.delayed',
  },
  {
    change: 'a longer wait for a turn',
    edits: [{ file: 'syncRoster.ts', from: 'await pause(pace.turnWaitMs)', to: 'await pause(2 * pace.turnWaitMs)' }],
    history: 'syncRoster.waited',
  },
]
