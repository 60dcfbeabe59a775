import type { AttachmentState } from '../../domain/attachment.ts'
import type { CrashLane } from './crashLane.ts'

/** How an attachment is found after everything, whether a worker died or not. */
export type Ending = {
  state: AttachmentState
  attempt?: number
  /** Where its bytes lie, and nothing else: there is one object and its key, or there is none. */
  kept?: 'clean' | 'quarantine'
  /** Whether engineers hear of it, by exactly one key: that of malware, or another. */
  isAlerted?: boolean | 'attachment-withdrawn'
  /** A worker that dies in this activity takes what the engine said along, and there is no file any more to look at again: then nobody knows of the malware. */
  isFoundIn?: string
  /** Whether its uploader hears of it: by exactly one mail. */
  isToldToUploader?: boolean
  /** How often each act stands in the audit log. */
  audit?: Readonly<Record<string, number>>
}

export type Scenario = {
  name: string
  /** Takes one attachment to its end and answers its id. What is before `arm` happens with no death in it. */
  walk(lane: CrashLane, arm: () => Promise<void>): Promise<string>
  ending: Ending
}
