import type { AttachmentState, Verdict } from '../../domain/attachment.ts'
import type { WrittenFile } from '../corpus/writeCorpus.ts'

/** How one file ended. */
export type FileResult = {
  file: WrittenFile
  /** Null when the file was turned away. */
  attachmentId: string | null
  /** The last state seen; one that is not an end when the demo stopped waiting. */
  state: AttachmentState
  verdict: Verdict | null
  /** From asking for the ticket to seeing the end. */
  ms: number
  /** What the demo found wrong beside state and verdict, for example a location that survived. Empty when all is well. */
  faults: string[]
}

/** Whether the file ended as it must, with the verdict that it must have and nothing else wrong. */
export const isAsExpected = ({ file, state, verdict, faults }: FileResult): boolean =>
  state === file.expected.state && verdict === file.expected.verdict && faults.length === 0
