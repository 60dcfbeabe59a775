import 'sharp'
import type { RefusalReason } from '../../domain/attachment.ts'
import type { ContentFinding } from '../../domain/decideVerdict.ts'
import { ScanInterrupted } from '../../domain/scannerFault.ts'
import type { Spool } from '../spool/openSpool.ts'
import type { SealedFile } from '../spool/sealedFile.ts'
import { createThreadPool, ThreadFault } from './threadPool.ts'

// sharp is loaded here too, though nothing here uses it: libvips must not be unloaded with the thread that happened to load it first.

/** `bytes` is how much was sealed into `from`; `into` is empty. */
export type ContentJob = { from: SealedFile; bytes: number; contentType: string } & (
  | { work: 'inspect' }
  | { work: 'rewrite'; into: SealedFile }
)

type Rewritten = { bytes: number } | { refused: RefusalReason }

export type ContentAnswer = { inspected: ContentFinding } | { rewritten: Rewritten } | { fault: string }

/**
 * `isLastLook`: whether a file that takes longer than the budget is refused. A first look may only have waited for a busy machine, and breaks off
 * instead: the file is looked at again where nothing is beside it.
 */
export type ContentLimits = { signal: AbortSignal; isLastLook: boolean; budgetMs?: number }

/** What no honest file of the permitted size needs: a WebP of as many pixels as may be took 17 s on a busy machine. Above it a file is refused, as one that the engine gives up on. */
const budgetMs = 60_000
const lastBudgetMs = 180_000

/** As many wait for work as there are scans at once by default (`CONCURRENT_SCANS`). */
const threads = createThreadPool<ContentJob, ContentAnswer>(new URL('./contentThreadMain.ts', import.meta.url), {
  heapMebibytes: 512,
  idleMax: 4,
})

/** What was sealed into a spool, at least one byte. */
export type SpooledFile = { spool: Spool; bytes: number; contentType: string }

/**
 * `inspectContent` in a thread that ends with the signal, or with our patience: then the last look refuses the file with `engine-limits`.
 * Nobody reads the spool any more when this settles.
 * @throws the signal's reason, ScanInterrupted when a look that is not the last runs out of time, and ThreadFault for faults of ours
 */
export const inspectInThread = async ({ spool, ...file }: SpooledFile, limits: ContentLimits): Promise<ContentFinding> => {
  const answer = await askThread({ work: 'inspect', from: toSealedFile(spool), ...file }, limits)
  if ('refused' in answer) return answer
  if ('inspected' in answer) return answer.inspected
  throw new ThreadFault('it answered another question')
}

/** `rewriteMedia` in such a thread, on the same terms, from one spool into another, which is empty. Answers how many bytes that has then. */
export const rewriteInThread = async ({ spool, ...file }: SpooledFile, into: Spool, limits: ContentLimits): Promise<Rewritten> => {
  const answer = await askThread({ work: 'rewrite', from: toSealedFile(spool), into: toSealedFile(into), ...file }, limits)
  if ('refused' in answer) return answer
  if ('rewritten' in answer) return answer.rewritten
  throw new ThreadFault('it answered another question')
}

const toSealedFile = ({ handle, key }: Spool): SealedFile => ({ fd: handle.fd, key })

const askThread = async (
  job: ContentJob,
  limits: ContentLimits,
): Promise<Exclude<ContentAnswer, { fault: string }> | { refused: 'engine-limits' }> => {
  const end = await threads.ask(job, { budgetMs: limits.isLastLook ? lastBudgetMs : budgetMs, ...limits })
  if ('over' in end && end.over === 'time' && !limits.isLastLook) throw new ScanInterrupted('the look at the file took too long')
  if ('over' in end) return { refused: 'engine-limits' }
  if ('fault' in end.answer) throw new ThreadFault(end.answer.fault)
  return end.answer
}
