/**
 * All that other folders may import from `workflows/`: queues, ids, inputs, signals, queries.
 * No value here depends on the workflow runtime, so the API can import it.
 */

import type { TracePlace } from '../domain/traceParent.ts'

export const taskQueues = {
  attachments: 'attachments',
  maintenance: 'maintenance',
  roster: 'roster',
  safety: 'safety',
  translations: 'translations',
} as const
/** The queues that a process uses, by what they are for. */
export type TaskQueues = Record<keyof typeof taskQueues, string>

/**
 * Activities that stream whole objects have a queue of their own beside that of the workflows: a scanner that stalls then holds back
 * scans, and neither deletions nor the last steps of scans that are through.
 */
export const toStreamsQueue = (attachmentsQueue: string): string => `${attachmentsQueue}-streams`

/**
 * Where a file goes on that broke off in the middle before, whatever for: one at a time, so that files which stall the engine or kill the worker
 * cannot hold the slots that all others need.
 */
export const toIsolationQueue = (attachmentsQueue: string): string => `${attachmentsQueue}-isolation`
/** Fetching rosters from the systems of districts, which takes as long as they do. */
export const toPullsQueue = (rosterQueue: string): string => `${rosterQueue}-pulls`
/** Looking again at files that are clean: one at a time in each worker, beside the live scans and never in their place. */
export const toRescansQueue = (attachmentsQueue: string): string => `${attachmentsQueue}-rescans`

/** Search attributes are ids and enums: they are never encrypted. */
export const searchAttributes = {
  DistrictId: 'Keyword',
  AttachmentId: 'Keyword',
  SyncId: 'Keyword',
  TranslationId: 'Keyword',
  Stage: 'Keyword',
} as const

/** What an outbox row may start. `type` is the exported workflow function's name. */
export type AttachmentRef = { districtId: string; attachmentId: string; attempt: number }

/** A clean attachment to look at again, and the database that asks for it; `known-bad` when its hash does. */
export type RescanRef = { districtId: string; attachmentId: string; databaseVersion: string }

/** In place of a database's version: these bytes were found bad elsewhere. */
export const knownBad = 'known-bad'

/** The type of what a sync failed by when the database did not get through its feed. */
export const feedTooLarge = 'FeedTooLarge'

/** One run of one feed of a district. */
export type SyncRef = { districtId: string; syncId: string; attempt: number }

/** One attempt of a district's pull: the roster is fetched from its system, and a sync of it is queued. */
export type PullRef = { districtId: string; pullId: string; attempt: number }

/** Removals of one sync that the brake holds. */
export type RemovalRef = { districtId: string; syncId: string }

export type WorkflowStart = { type: 'scanAttachment'; input: AttachmentRef } | { type: 'removeAttachment'; input: AttachmentRef }

export type WorkflowType = WorkflowStart['type']

export const scanAttachmentId = (attachmentId: string, attempt: number): string => `scan-attachment:${attachmentId}:${attempt}`
export const removeAttachmentId = (attachmentId: string, attempt: number): string => `remove-attachment:${attachmentId}:${attempt}`

/** The workflow id is what it works on and which attempt: the idempotency key of the start (law 5). */
export const toWorkflowId = (start: WorkflowStart): string =>
  start.type === 'scanAttachment'
    ? scanAttachmentId(start.input.attachmentId, start.input.attempt)
    : removeAttachmentId(start.input.attachmentId, start.input.attempt)

/** How an act on an attachment asks for its run: the id says which attachment and which attempt (law 5). */
export const toStartFor =
  (type: WorkflowType, taskQueue: string) =>
  (ref: AttachmentRef): { type: WorkflowType; workflowId: string; taskQueue: string; input: AttachmentRef } => ({
    type,
    workflowId: toWorkflowId({ type, input: ref }),
    taskQueue,
    input: ref,
  })
export const syncRosterId = (syncId: string, attempt: number): string => `sync-roster:${syncId}:${attempt}`
export const pullRosterId = (pullId: string, attempt: number): string => `pull-roster:${pullId}:${attempt}`
/** `attempt`: the sync's, which grows when this run is lost as well. */
export const decideRemovalId = (syncId: string, attempt = 1): string => `decide-removal:${syncId}${attempt === 1 ? '' : `:${attempt}`}`

/** How a sync asks for its run (law 5). */
export const toSyncStart = (taskQueue: string) => (input: SyncRef) => ({
  type: 'syncRoster' as const,
  workflowId: syncRosterId(input.syncId, input.attempt),
  taskQueue,
  input,
})

/** How an attempt of a pull asks for its run. */
export const toPullStart = (taskQueue: string) => (input: PullRef) => ({
  type: 'pullRoster' as const,
  workflowId: pullRosterId(input.pullId, input.attempt),
  taskQueue,
  input,
})

/** How a sync whose removals are held asks for the run that waits for the decision. */
export const toDecisionStart =
  (taskQueue: string) =>
  ({ districtId, syncId, attempt }: SyncRef) => ({
    type: 'decideRemoval' as const,
    workflowId: decideRemovalId(syncId, attempt),
    taskQueue,
    input: { districtId, syncId },
  })
/** One run looks once with one database. */
export const rescanAttachmentId = (attachmentId: string, databaseVersion: string): string =>
  `rescan-attachment:${attachmentId}:${databaseVersion}`

export const scheduleIds = {
  sweepAttachments: 'sweep-attachments',
  sweepStoredObjects: 'sweep-stored-objects',
  sweepRosters: 'sweep-rosters',
  purgeFeeds: 'purge-feeds',
  closeSchoolYears: 'close-school-years',
  purgeQuarantine: 'purge-quarantine',
  archiveHistories: 'archive-histories',
  sendSyntheticEicar: 'send-synthetic-eicar',
  rescanAttachments: 'rescan-attachments',
  startDuePulls: 'start-due-pulls',
  sweepNotices: 'sweep-notices',
  sweepTranslations: 'sweep-translations',
  takeFeedback: 'take-feedback',
} as const

/** How long the test virus may take to its quarantine, and how often it is looked at. */
export type SyntheticPlan = { limitSeconds: number; lookEverySeconds: number }

/** A change of the roster, and what follows from it. `attempt`: which run sees to it; runs of before have none, and are the first. */
export type VersionRef = { districtId: string; version: number; attempt?: number }

export const settleVersionId = ({ districtId, version, attempt = 1 }: VersionRef): string =>
  `settle-version:${districtId}:${version}${attempt === 1 ? '' : `:${attempt}`}`

/** How a change of the roster asks for the run that does what follows from it. */
export const toSettlingStart = (taskQueue: string) => (input: VersionRef) => ({
  type: 'settleVersion' as const,
  workflowId: settleVersionId(input),
  taskQueue,
  input,
})

/** A school year of a district that is over, and which run sees to it. */
export type YearRef = { districtId: string; schoolYear: number; attempt: number }

export const closeSchoolYearId = ({ districtId, schoolYear, attempt }: YearRef): string =>
  `close-school-year:${districtId}:${schoolYear}:${attempt}`

/** How a school year that is over asks for the run that closes it. */
export const toYearEndStart = (taskQueue: string) => (input: YearRef) => ({
  type: 'closeSchoolYear' as const,
  workflowId: closeSchoolYearId(input),
  taskQueue,
  input,
})

/** A report of a message or a file, and which run sees to it: one more with every reopening. */
export type ReportRef = { districtId: string; reportId: string; attempt: number }

export const followReportId = (reportId: string, attempt: number): string => `follow-report:${reportId}:${attempt}`

/** How a report asks for the run that tells of it. */
export const toReportStart = (taskQueue: string) => (input: ReportRef) => ({
  type: 'followReport' as const,
  workflowId: followReportId(input.reportId, input.attempt),
  taskQueue,
  input,
})

/** Durations of the runs about reports, injected so that tests need not wait. Milliseconds. */
export type SafetyPace = {
  /** Longest single try of a step. */
  stepTimeoutMs: number
  /** The first wait between tries; each next one is twice as long, up to `waitBetweenTriesMaxMs`. */
  waitBetweenTriesMs: number
  waitBetweenTriesMaxMs: number
  /** Nobody has decided for so long: then they are told again, and the administrators too. */
  escalateAfterMs: number
}

/** An announcement whose recipients are to be written down. `attempt`: which run does; runs of before have none, and are the first. */
export type AnnouncementRef = { districtId: string; announcementId: string; attempt?: number }

/** With the district: the announcement's id is its author's, and another district may have the same. */
export const writeScopeReceiptId = ({ districtId, announcementId, attempt = 1 }: AnnouncementRef): string =>
  `write-scope-receipt:${districtId}:${announcementId}${attempt === 1 ? '' : `:${attempt}`}`

/** How an announcement asks for the run that writes its receipt. */
export const toReceiptStart = (taskQueue: string) => (input: AnnouncementRef) => ({
  type: 'writeScopeReceipt' as const,
  workflowId: writeScopeReceiptId(input),
  taskQueue,
  input,
})

/** Notifying people, beside the sweeps and never behind them. */
export const toNoticesQueue = (maintenanceQueue: string): string => `${maintenanceQueue}-notices`

/** One batch of what one person is to be notified of. `attempt`: which run sees to it; runs of before have none, and are the first. */
export type BatchRef = { districtId: string; userId: string; batch: number; attempt?: number }

/** With the district, as the receipt's. */
export const noticeAnnouncementId = ({ districtId, announcementId }: Pick<AnnouncementRef, 'districtId' | 'announcementId'>): string =>
  `notice-announcement:${districtId}:${announcementId}`

/** How an announcement asks for the run that notices whom it is for. */
export const toNoticingStart = (maintenanceQueue: string) => (input: AnnouncementRef) => ({
  type: 'noticeAnnouncement' as const,
  workflowId: noticeAnnouncementId(input),
  taskQueue: toNoticesQueue(maintenanceQueue),
  input,
})

/**
 * What is to be done next for a batch. `told`: notifications that went out for it. `awayWaitMs`: how long it waits when nothing can be sent now; runs of before wait a
 * minute.
 */
export type NextNotice =
  | { step: 'wait'; ms: number }
  | { step: 'tell'; notification: number; awayWaitMs?: number }
  | { step: 'end'; told: number }

export const notifyPersonId = ({ userId, batch, attempt = 1 }: Pick<BatchRef, 'userId' | 'batch' | 'attempt'>): string =>
  attempt === 1 ? `notify-person:${userId}:${batch}` : `notify-person:${userId}:${batch}:${attempt}`

/** How a batch asks for its run. */
export const toNotifyingStart = (maintenanceQueue: string) => (input: BatchRef) => ({
  type: 'notifyPerson' as const,
  workflowId: notifyPersonId(input),
  taskQueue: toNoticesQueue(maintenanceQueue),
  input,
})

/** One attempt at a message or an announcement (`textId`) in another language. */
export type TranslationRef = { districtId: string; translationId: string; textId: string; language: string; attempt: number }

/** With the district: the text's id is its author's, and another district may have the same. */
export const translateMessageId = ({ districtId, textId, language, attempt }: Omit<TranslationRef, 'translationId'>): string =>
  `translate-message:${districtId}:${textId}:${language}:${attempt}`

/** How a translation asks for its run (law 5). */
export const toTranslatingStart = (taskQueue: string) => (input: TranslationRef) => ({
  type: 'translateMessage' as const,
  workflowId: translateMessageId(input),
  taskQueue,
  input,
})

/** The type of what a try at a translation fails by when the provider answers, but not to us. */
export const misconfiguredTranslator = 'TranslatorMisconfigured'

/** Durations of the runs that translate, injected so that tests need not wait. Milliseconds. */
export type TranslationPace = {
  /** Longest single try of a step that asks no provider. */
  stepTimeoutMs: number
  /** Longest single try of a translation, all its pieces. */
  translateTimeoutMs: number
  /** A try that says nothing for this long is taken for dead and tried again elsewhere. */
  heartbeatTimeoutMs: number
  /** The first wait between tries; each next one is twice as long, up to `waitBetweenTriesMaxMs`. */
  waitBetweenTriesMs: number
  waitBetweenTriesMaxMs: number
  /** A provider that gives no translation for so long is given up, until somebody asks again. */
  giveUpAfterMs: number
  /** One that answers but not to us is asked again so much later, and given up after so many times. */
  misconfiguredWaitMs: number
  misconfiguredTriesMax: number
}

/** Wakes a sync that waits for its turn, or a decision that was made. A hint: the run looks by itself. */
export const lookNowSignal = 'lookNow'

/** Wakes a scan that waits between rounds of attempts. A hint: the run goes on without it. */
export const retryNowSignal = 'retryNow'
/** Answers `ScanProgress`. */
export const getProgressQuery = 'getProgress'

export const scanStages = [
  'pinning',
  'inspecting',
  'delayed',
  'releasing',
  'quarantining',
  'refusing',
  'recording',
  'telling',
  'removing',
  'rescanning',
  'withdrawing',
  'done',
] as const
export type ScanStage = (typeof scanStages)[number]
/** Of a sync, and of a decision on what one of them would remove. */
export type RosterStage = 'waiting' | 'applying' | 'delayed' | 'telling' | 'deciding' | 'settling' | 'done'

/** `round` counts the rounds of attempts that failed; `delayedSince` is when a delayed run began, an ISO time; null while it is in time. */
export type ScanProgress = { stage: ScanStage; round: number; delayedSince: string | null }

/** Durations of the scan, injected so that tests need not wait. Milliseconds. */
export type ScanPace = {
  /** How long a file that has not broken off before may be looked at in one try; without it, `streamTimeoutMs`. Runs of before have none. */
  firstStreamTimeoutMs?: number
  /** A file that breaks off so often is set aside as failed; without it, never. Runs of before have none. */
  interruptionsMax?: number
  /**
   * And no sooner than this after it first broke off: an engine that dies again and again and a worker that is restarted break off
   * every file, and pass. Without it, at once. Runs of before have none.
   */
  setAsideAfterMs?: number
  /** Longest single try of an activity that streams an object, in isolation. */
  streamTimeoutMs: number
  /** Longest single try of every other activity. */
  stepTimeoutMs: number
  /** A streaming activity that says nothing for this long is taken for dead and tried again elsewhere. */
  heartbeatTimeoutMs: number
  /** Also the first wait between rounds; each next one is twice as long, up to `waitBetweenRoundsMs`. */
  waitBetweenTriesMs: number
  waitBetweenRoundsMs: number
  attemptsPerRound: number
  roundsPerRun: number
  /** A run that began longer ago says `Stage=delayed`. The alert is the sweep's. */
  delayedAfterMs: number
}

/** Durations of the runs about rosters, injected so that tests need not wait. Milliseconds. */
export type RosterPace = {
  /** Longest single try of a short step. */
  stepTimeoutMs: number
  /** Longest single try of an activity that reads a whole feed, or settles half a million rows. */
  applyTimeoutMs: number
  /** An activity that says nothing for this long is taken for dead and tried again elsewhere. */
  heartbeatTimeoutMs: number
  /** The first wait between rounds; each next one is twice as long, up to `waitBetweenRoundsMs`. */
  waitBetweenTriesMs: number
  waitBetweenRoundsMs: number
  /** A feed that kills its worker, or takes longer than its time, so often is set aside as failed. */
  interruptionsMax: number
  /** How often a sync looks whether it is its turn, when nobody wakes it. */
  turnWaitMs: number
  /** How often a run that waits for a decision looks, when nobody wakes it. */
  decisionWaitMs: number
  /** Nobody has decided for so long: then engineers are told, and the administrators again. */
  escalateAfterMs: number
  /** After so many waits the run continues as a new one, so that no history grows without end. */
  waitsPerRun: number
}

/** A closed run whose history is not in the archive yet. `closedAt` in milliseconds since 1970. */
export type PendingRun = { workflowId: string; runId: string; closedAt: number }

/**
 * One slice to archive: the runs that closed after `after` (milliseconds since 1970; null: as far back as the server remembers), and those that failed before.
 * `carried`: how many more failed and are left to the next time.
 */
export type ArchiveTask = { after: number | null; isFirst: boolean; pending: PendingRun[]; carried: number }

/** Counts of one slice. Every run that closed before `through` was looked at. */
export type ArchivedSlice = { through: number; isLast: boolean; archived: number; known: number; gone: number; failed: PendingRun[] }

/** How far the archive has come: everything that closed before `through` (milliseconds since 1970) is in it, but for `pending`. `gone`: forgotten by the server before. */
export type ArchiveOutcome = { through: number; pending: PendingRun[]; archived: number; known: number; gone: number }

/** The header that carries the trace, as Temporal's SDKs name it. */
export const traceHeader = '_tracer-data'

/** How a run ended, for traces and counts: ids, times (milliseconds since 1970) and enums. */
export type EndedRun = {
  place: TracePlace
  parentSpanId: string | null
  startedAt: number
  endedAt: number
  /** What the workflow answered as its outcome, or `done`, `continued`, `cancelled`, `failed`. */
  outcome: string
}

/** What a run tells its worker outside of its history; not while it is replayed. */
export type RunSinks = { runs: { ended(run: EndedRun): void } }
/** How rounds of re-scans go, injected so that tests need not wait. */
export type RescanPace = {
  /** The queue that each file's own run is started on. */
  attachmentsQueue: string
  /** How far back a round looks. */
  days: number
  /** A file that was looked at again this recently is left for a later round. */
  restSeconds: number
  /** The most that rounds read, on average: after each file the round rests for as long as its bytes are worth. */
  bytesPerSecond: number
  filesPerPage: number
  /** Then the round continues as a new run, so that no history grows without end. */
  pagesPerRun: number
  /** More uploads than this that wait for longer than `backlogAfterSeconds` are a backlog, and the round gives way to it. */
  backlogMax: number
  backlogAfterSeconds: number
  backlogWaitMs: number
  /** A round that gave way this many times in a row ends; the next one goes on. */
  backlogWaitsMax: number
}
