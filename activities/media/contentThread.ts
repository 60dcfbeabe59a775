import 'sharp'
import type { RefusalReason } from '../../domain/attachment.ts'
import type { ContentFinding } from '../../domain/decideVerdict.ts'
import { runInThread, ThreadFault } from './runInThread.ts'
import { toOwnBytes } from './toOwnBytes.ts'

// sharp is loaded here too, though nothing here uses it: libvips must not be unloaded with the thread that happened to load it first.

export type ContentJob = { work: 'inspect' | 'rewrite'; bytes: Uint8Array<ArrayBuffer>; contentType: string }

type Rewritten = { bytes: Uint8Array<ArrayBuffer> } | { refused: RefusalReason }

export type ContentAnswer = { inspected: ContentFinding } | { rewritten: Rewritten } | { fault: string }

type ContentLimits = { signal: AbortSignal; budgetMs?: number; heapMebibytes?: number }

/** What no honest file of the permitted size needs: a WebP of as many pixels as may be took 17 s on a busy machine. Above it a file is refused, as one that the engine gives up on. */
export const contentLimits = { budgetMs: 60_000, heapMebibytes: 512 } as const

const entry = new URL('./contentThreadMain.ts', import.meta.url)

/**
 * `inspectContent` in a thread that ends with the signal, or with our patience: then the file is refused with `engine-limits`.
 * `content` is given away: nobody may use it afterwards.
 * @throws the signal's reason, and ThreadFault for faults of ours
 */
export const inspectInThread = async (
  content: Buffer,
  declared: { contentType: string },
  limits: ContentLimits,
): Promise<ContentFinding> => {
  const answer = await askThread({ work: 'inspect', bytes: toOwnBytes(content), contentType: declared.contentType }, limits)
  if ('refused' in answer) return answer
  if ('inspected' in answer) return answer.inspected
  throw new ThreadFault('it answered another question')
}

/** `rewriteMedia` in such a thread, on the same terms. */
export const rewriteInThread = async (
  content: Buffer,
  contentType: string,
  limits: ContentLimits,
): Promise<{ bytes: Buffer } | { refused: RefusalReason }> => {
  const answer = await askThread({ work: 'rewrite', bytes: toOwnBytes(content), contentType }, limits)
  if ('refused' in answer) return answer
  if (!('rewritten' in answer)) throw new ThreadFault('it answered another question')
  const { rewritten } = answer
  if ('refused' in rewritten) return rewritten
  return { bytes: Buffer.from(rewritten.bytes.buffer, rewritten.bytes.byteOffset, rewritten.bytes.byteLength) }
}

const askThread = async (
  job: ContentJob,
  limits: ContentLimits,
): Promise<Exclude<ContentAnswer, { fault: string }> | { refused: 'engine-limits' }> => {
  const end = await runInThread<ContentAnswer>(entry, { job, transfer: [job.bytes.buffer] }, { ...contentLimits, ...limits })
  if ('over' in end) return { refused: 'engine-limits' }
  if ('fault' in end.answer) throw new ThreadFault(end.answer.fault)
  return end.answer
}
