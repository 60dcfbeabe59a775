import type NodeClam from 'clamscan'
import type { EngineVersion, ScanAnswer } from '../../domain/ports.ts'
import { ScannerMisconfigured, ScannerUnavailable } from '../../domain/scannerFault.ts'

/** What the engine reports when it did not look at everything. Other clients misread these as malware. */
const notInspected = /^Heuristics\.(Limits|Encrypted)\./

/**
 * Reads the verdict of one INSTREAM twice, as `clamscan` understood it and as the raw bytes stand, and
 * answers only when both agree. Clean is exactly `isInfected === false` with exactly `stream: OK`.
 * @throws ScannerUnavailable on anything that is not one whole verdict, ScannerMisconfigured when the
 *   engine's stream limit is below our upload limit.
 */
export const toScanAnswer = (result: NodeClam.Result, raw: string, engine: EngineVersion): ScanAnswer => {
  if (result.isInfected === false && raw === 'stream: OK\0' && result.resultString === raw) return { result: 'ok', engine }
  const signature = /^stream: ([\x21-\x7e]{1,250}) FOUND\0$/.exec(raw)?.[1]
  if (result.isInfected === true && signature !== undefined && result.viruses.length === 1 && result.viruses[0] === signature) {
    return { result: notInspected.test(signature) ? 'not-inspected' : 'found', signature, engine }
  }
  throw toAnswerFault(raw)
}

/** The fault that stands for an answer which is no verdict. Never quotes more of it than a known error. */
export const toAnswerFault = (raw: string): Error => {
  if (raw.includes('size limit exceeded'))
    return new ScannerMisconfigured('the engine takes no stream of this size: StreamMaxLength is too low')
  if (raw.includes("Can't allocate memory")) return new ScannerUnavailable('the engine has no memory')
  if (raw.includes('TIMED OUT')) return new ScannerUnavailable('the engine gave up waiting for the stream')
  return new ScannerUnavailable(raw === '' ? 'the engine hung up without a verdict' : 'the engine gave no verdict that can be read')
}

/**
 * Reads `ClamAV 1.4.6/27470/Mon Jan  5 09:00:00 2026`; a database without a daily number is 'local', and has no date. The engine writes the
 * date in its own time zone, so it may be wrong by hours. @throws ScannerUnavailable on anything else.
 */
export const toEngineVersion = (line: string): EngineVersion => {
  const match = /^ClamAV ([\w.+~-]{1,64})(?:\/(\d{1,12})\/([\x20-\x7e]*))?$/.exec(line)
  if (match?.[1] === undefined) throw new ScannerUnavailable('the engine does not say which version it is')
  const publishedMs = Date.parse(`${match[3] ?? ''} UTC`)
  const published = Number.isNaN(publishedMs) ? {} : { databasePublishedAt: new Date(publishedMs) }
  return { engine: match[1], databaseVersion: match[2] ?? 'local', ...published }
}
