import type { Logger } from 'pino'
import type { Database } from '../db/openDatabase.ts'
import type { OutboxStart } from '../db/queries/enqueueWorkflow.ts'
import type { DistrictKeys } from '../db/districtKeys.ts'
import type { KeyService, ObjectBucket, UploadSigner } from '../domain/ports.ts'
import type { TaskQueues } from '../workflows/contract.ts'
import type { DistrictWords } from '../domain/language/wordKinds.ts'
import type { ApiMetrics } from '../telemetry/createApiMetrics.ts'

/** What the API acts on. */
export type ApiDeps = {
  /** Without a trailing slash. */
  publicUrl: string
  /** Origins whose pages may call the API. */
  webOrigins: readonly string[]
  log: Logger
  metrics: ApiMetrics
  /** As role `app`: one district at a time. */
  app: Database
  /** As role `auth`: finds a session before the district is known. */
  auth: Database
  districtKeys: DistrictKeys
  /** Unwraps the keys of clean objects. */
  keys: KeyService
  /** Signs uploads to the incoming bucket; the API can read nothing there. */
  signer: UploadSigner
  /** What a district adds to the lists of the language check. */
  findWords(districtId: string): Promise<DistrictWords>
  /** In which language a text is written, as the translator names it; `prior`, its author’s, where that cannot be told. Never leaves this process. */
  detectLanguage(text: string, prior: string | null): string
  /** Signs uploads of feeds to the roster bucket. */
  rosterSigner: UploadSigner
  /** The roster bucket, of which the API reads reports and nothing else. */
  roster: ObjectBucket
  clean: ObjectBucket
  uploadTicketSeconds: number
  /** Seconds after which to come back with a new upload while scans are too far behind; null when there is room. */
  askScanPressure(): Promise<number | null>
  taskQueues: TaskQueues
  /** Tries to start a run now and gives up within about a second; the relay does the rest (law 5). */
  startWorkflow(
    start: OutboxStart,
    ref: { districtId: string; attachmentId?: string; syncId?: string; translationId?: string },
  ): Promise<void>
  /** Wakes a run that waits for what was just committed; never rejects. */
  hintRun(workflowId: string): Promise<void>
  pace: StreamPace
  /** Aborted when the process is asked to stop: it is not ready any more, and still serves. */
  leaving: AbortSignal
  /** Aborted when it takes no connections any more: streams end, so that it can. */
  closing: AbortSignal
}

/** How often long answers decide again. Injected, so that tests need not wait. */
export type StreamPace = {
  /** A download releases at most this many bytes on one decision. */
  downloadBytesPerDecision: number
  /** A decision of a download is never older than this. What a receiver has not taken yet of the bytes before comes on top, and all of it stays below two seconds. */
  downloadDecisionMs: number
  downloadStallMs: number
  /** How often it is decided again whether a stream may go on. */
  eventPollMs: number
  /** How often a process looks for new events, once for all of its streams. */
  eventWakeMs: number
  /** What was decided so long ago is not sent any more. */
  eventDecisionMs: number
  eventHeartbeatMs: number
  eventStreamMaxMs: number
  eventStreamsPerPerson: number
  eventStreamsPerProcess: number
  /** How long somebody who asks for a translation is kept waiting for it. */
  translationWaitMs: number
}

export const defaultStreamPace: StreamPace = {
  downloadBytesPerDecision: 8 * 1024 * 1024,
  downloadDecisionMs: 1_000,
  downloadStallMs: 60_000,
  eventPollMs: 500,
  eventWakeMs: 150,
  eventDecisionMs: 1_000,
  eventHeartbeatMs: 15_000,
  eventStreamMaxMs: 30 * 60_000,
  eventStreamsPerPerson: 10,
  eventStreamsPerProcess: 2_000,
  translationWaitMs: 3_000,
}
