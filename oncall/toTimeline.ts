import { at, attributesOf, textAt, toKind, type HistoryEvent } from './historyEvent.ts'
import { toFailureType, type FailureKind } from './toFailureType.ts'

/** One thing that happened in a run. */
export type TimelineStep = {
  /** Milliseconds since the run began. */
  atMs: number
  what: string
  /** How it went: `completed`, `failed`, `fired`, …; null for what has no end. */
  outcome: string | null
  /** From being asked for to its end; null while it goes on, and for what takes no time. */
  tookMs: number | null
  /** How many tries it took. */
  tries: number | null
  /** The kind of the last failure, never its message. */
  failure: string | null
}

/** A run as people read it: activities, local activities, timers and signals from their beginning to their end, and how the run itself ended. Bookkeeping is left out. */
export const toTimeline = (events: readonly HistoryEvent[]): TimelineStep[] => {
  const startedAt = Date.parse(events[0]?.eventTime ?? '')
  const timeline: TimelineStep[] = []
  const byEvent = new Map<string, TimelineStep>()
  const add = (event: HistoryEvent, what: string, rest: Partial<TimelineStep> = {}): void => {
    const step = { atMs: Date.parse(event.eventTime) - startedAt, what, outcome: null, tookMs: null, tries: null, failure: null, ...rest }
    timeline.push(step)
    byEvent.set(event.eventId, step)
  }
  for (const event of events) {
    const begun = beginnings[toKind(event)]
    if (begun !== undefined) add(event, begun(attributesOf(event)))
    else if (!endStep(event, byEvent, startedAt)) addOther(event, add)
  }
  return timeline
}

/** What has a beginning and an end. */
const beginnings: Record<string, (attributes: unknown) => string> = {
  'activity task scheduled': (attributes) => `activity ${textAt(attributes, 'activityType', 'name') ?? '?'}`,
  'timer started': (attributes) => `timer ${textAt(attributes, 'startToFireTimeout') ?? ''}`.trim(),
  'start child workflow execution initiated': (attributes) => `child ${textAt(attributes, 'workflowId') ?? '?'}`,
}

/** By which attribute an event names the one that it goes on from. */
const links = ['scheduledEventId', 'startedEventId', 'initiatedEventId'] as const
const outcomes =
  /^(?:activity task|timer|child workflow execution) (started|completed|failed|timed out|canceled|terminated|fired|cancel requested)$/

/** Writes the event into the step that it goes on from or ends; false when it is no such event. */
const endStep = (event: HistoryEvent, byEvent: Map<string, TimelineStep>, startedAt: number): boolean => {
  const outcome = outcomes.exec(toKind(event))?.[1]
  if (outcome === undefined) return false
  const attributes = attributesOf(event)
  const step = links.map((name) => byEvent.get(textAt(attributes, name) ?? '')).find((found) => found !== undefined)
  if (step === undefined) return true
  step.tries = Number(textAt(attributes, 'attempt') ?? step.tries ?? 1)
  const failure = toFailureType((at(attributes, 'failure') ?? at(attributes, 'lastFailure')) as FailureKind | undefined)
  if (failure !== null) step.failure = failure
  // A try that begins is no end.
  if (outcome === 'started' || outcome === 'cancel requested') return true
  step.outcome = outcome
  step.tookMs = Date.parse(event.eventTime) - startedAt - step.atMs
  return true
}

type Add = (event: HistoryEvent, what: string, rest?: Partial<TimelineStep>) => void

const addOther = (event: HistoryEvent, add: Add): void => {
  const kind = toKind(event)
  const attributes = attributesOf(event)
  const failure = toFailureType(at(attributes, 'failure') as FailureKind | undefined)
  if (kind === 'workflow execution started') return add(event, `run of ${textAt(attributes, 'workflowType', 'name') ?? '?'} began`)
  if (kind === 'workflow execution signaled') return add(event, `signal ${textAt(attributes, 'signalName') ?? '?'}`)
  if (kind === 'marker recorded') return addMarker(event, attributes, add)
  if (kind === 'workflow task failed' || kind === 'workflow task timed out') {
    const cause = textAt(attributes, 'cause')?.replace('WORKFLOW_TASK_FAILED_CAUSE_', '').replaceAll('_', ' ').toLowerCase()
    return add(event, 'workflow task', { outcome: kind.replace('workflow task ', ''), failure: cause ?? failure })
  }
  if (kind.startsWith('workflow execution update')) return add(event, kind.replace('workflow execution ', ''))
  if (/^workflow execution (completed|failed|timed out|canceled|terminated|continued as new|cancel requested)$/.test(kind))
    add(event, 'run', { outcome: kind.replace('workflow execution ', ''), failure })
}

/** Local activities leave a marker when they end; its data say which one it was. Decoded, or else without its name. */
const addMarker = (event: HistoryEvent, attributes: unknown, add: Add): void => {
  const name = textAt(attributes, 'markerName') ?? '?'
  if (name !== 'core_local_activity') return add(event, `marker ${name}`)
  const [details] = [at(attributes, 'details', 'data', 'payloads')].flat()
  const failure = toFailureType(at(attributes, 'failure') as FailureKind | undefined)
  add(event, `local activity ${textAt(details, 'activity_type') ?? '?'}`, {
    outcome: failure === null ? 'completed' : 'failed',
    tries: Number(textAt(details, 'attempt') ?? 1),
    failure,
  })
}
