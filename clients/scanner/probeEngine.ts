import { Readable } from 'node:stream'
import type { EngineVersion } from '../../domain/ports.ts'
import { ScannerMisconfigured, ScannerUnavailable } from '../../domain/scannerFault.ts'
import type { ClamdAddress } from './connectToClamd.ts'
import { askVersion } from './engineSession.ts'
import type { EngineSession } from './engineSession.ts'
import { createProbeSamples } from './probeSamples.ts'
import { streamThroughEngine } from './streamThroughEngine.ts'
import { toEngineVersion } from './toScanAnswer.ts'

/** That the engine of `session`, with this `version` line, answered every sample as ours must. */
export type EngineProof = { session: EngineSession; version: string; engine: EngineVersion; provenAt: number }

/**
 * Puts every probe sample to the engine and answers a proof that holds while the session lives and the version stays.
 * @throws ScannerMisconfigured naming the sample that was answered otherwise; ScannerUnavailable when it was not answered.
 */
export const probeEngine = async (
  address: ClamdAddress,
  session: EngineSession,
  options: { timeoutMs: number; signal: AbortSignal },
): Promise<EngineProof> => {
  const { timeoutMs, signal } = options
  const version = await askVersion(address, timeoutMs)
  const engine = toEngineVersion(version)
  for (const sample of createProbeSamples()) {
    const answer = await streamThroughEngine(address, Readable.from([sample.bytes]), { bytes: sample.bytes.length, engine, signal })
    const signature = answer.result === 'ok' ? null : answer.signature
    const isExpected = answer.result === sample.expected && (sample.signature === null || sample.signature.test(signature ?? ''))
    if (!isExpected) throw new ScannerMisconfigured(`the engine answered "${sample.name}" with ${signature ?? 'OK'}: check clamd.conf`)
  }
  const proof = { session, version, engine, provenAt: performance.now() }
  if (!(await isProven(address, proof, timeoutMs))) throw new ScannerUnavailable('the engine changed during the probe')
  return proof
}

/** Whether the engine that answers now is the one of the proof: the same process and the same database. */
export const isProven = async (address: ClamdAddress, proof: EngineProof, timeoutMs: number): Promise<boolean> =>
  proof.session.isOpen() && (await askVersion(address, timeoutMs)) === proof.version && proof.session.isOpen()
