import { decideVerdict } from '../domain/decideVerdict.ts'
import type { StreamDeps } from './attachmentDeps.ts'
import type { Inspection } from './inspection.ts'
import { rewriteInThread, type ContentLimits, type SpooledFile } from './media/contentThread.ts'
import type { Spool } from './spool/openSpool.ts'
import { readSpool } from './spool/readSpool.ts'

/** `not-clean`: what the re-encoding made did not pass, so neither does the original. */
export type Remade = { outcome: 'remade'; bytes: number } | { outcome: 'not-clean'; inspection: Inspection }

/** Re-encodes a picture or a recording that passed into the spool `made`, which is empty, and scans what came out: those very bytes. The engine is waited for no longer than `inTime`. */
export const remakeMedia = async (
  { scanner }: Pick<StreamDeps, 'scanner'>,
  original: SpooledFile & { inspection: Inspection },
  made: Spool,
  { inTime, ...limits }: ContentLimits & { inTime: AbortSignal },
): Promise<Remade> => {
  const { inspection, ...file } = original
  const rewritten = await rewriteInThread(file, made, limits)
  if ('refused' in rewritten) {
    const refused = { verdict: 'unscannable' as const, refusalReason: rewritten.refused, sniffedType: null }
    return { outcome: 'not-clean', inspection: { ...inspection, ...refused } }
  }
  const { bytes } = rewritten
  const answer = await scanner.scan(readSpool(made, bytes), { bytes, signal: inTime })
  if (answer.result === 'ok') return { outcome: 'remade', bytes }
  const { contentType } = file
  return { outcome: 'not-clean', inspection: { ...inspection, ...decideVerdict(answer, { contentType }), ...answer.engine } }
}
