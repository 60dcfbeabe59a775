import type { AttachmentState, RefusalReason, Verdict } from '../../domain/attachment.ts'
import type { WrittenFile } from '../corpus/writeCorpus.ts'

/** How one file ended. */
export type FileResult = {
  file: WrittenFile
  /** Null when the file was turned away. */
  attachmentId: string | null
  /** The last state seen; one that is not an end when the demo stopped waiting. */
  state: AttachmentState
  verdict: Verdict | null
  /** Why it was refused, as the uploader is told. */
  reason: RefusalReason | null
  /** From asking for the ticket to seeing the end. */
  ms: number
  /** What the demo found wrong beside state and verdict, for example a location that survived. Empty when all is well. */
  faults: string[]
}

/** Whether the file ended as it must, with the verdict and the reason that it must have and nothing else wrong. */
export const isAsExpected = ({ file, state, verdict, reason, faults }: FileResult): boolean =>
  state === file.expected.state && verdict === file.expected.verdict && reason === file.expected.reason && faults.length === 0
