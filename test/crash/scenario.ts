import type { AttachmentState } from '../../domain/attachment.ts'
import type { AttachmentWorld } from '../support/attachmentWorld.ts'
import type { CrashPoint } from './effects.ts'
import type { PlantedFault } from './workerMessages.ts'

/** How an attachment is found after everything, whether a worker died or not. */
export type Ending = {
  state: AttachmentState
  attempt?: number
  /** Where its bytes lie, and nothing else: there is one object and its key, or there is none. */
  kept?: 'clean' | 'quarantine'
  /** Whether engineers hear of it, by exactly one key: that of malware, or another. */
  isAlerted?: boolean | `attachment-withdrawn:${string}` | 'synthetic-eicar-overdue'
  /** A worker that dies here takes what the engine said along, and there is no file any more to look at again: then nobody knows of the malware. */
  isLostAt?: (point: CrashPoint) => boolean
  /** Whether its hash is known as bad although its bytes are not kept. */
  isHashKept?: true
  /** Whether its uploader hears of it: by exactly one mail. */
  isToldToUploader?: boolean
  /** How often each act stands in the audit log. */
  audit?: Readonly<Record<string, number>>
  /** Requests that the API keeps its answers to. */
  idempotencyKeys?: number
}

/** Where one walk takes place: a world, and what may be done to its worker. */
export type Stage = {
  world: AttachmentWorld
  /** From here on there may be a death: for this attachment or district, or in whatever its world does when the scenario is alone in it (null: it is not there yet). */
  arm: (subjectId: string | null) => Promise<void>
  /** The worker stops here, also the one that comes after a death; meanwhile `meanwhile` is done, once. */
  holdAt: (subjectId: string, point: CrashPoint, meanwhile: () => Promise<void>) => Promise<void>
  plant: (planted: PlantedFault) => Promise<void>
  /** Everything that the outbox holds is handed over. */
  relay: () => Promise<void>
}

export type Scenario<End = Ending> = {
  name: string
  /** It looks at, or acts on, everything that is in its world. Others share one. */
  isAlone?: true
  /** Takes one attachment, or one district, to its end and answers its id, or several, some with an ending of their own. What is before `arm` happens with no death in it. */
  walk(stage: Stage): Promise<string | readonly (string | { id: string; ending: End })[]>
  ending: End
}

/** What a walk took to its end, what it is to be found as, and where its worker died, if it did. */
export type Settled<End = Ending> = { id: string; ending: End; point: CrashPoint | null }

/** How a world is looked at when all walks through it have ended. */
export type Settling<End = Ending> = {
  /** Lets the schedules do their work, and answers what is not as it should be then: of which subject, or of none in particular. */
  findUnsettled(world: AttachmentWorld, settled: readonly Settled<End>[]): Promise<{ id: string | null; error: unknown }[]>
  /** Makes room for the next walks. */
  clear(world: AttachmentWorld): Promise<void>
}
