import { once } from 'node:events'
import type { Readable } from 'node:stream'
import { toObjectAssociatedData, toObjectKeyContext } from '../../crypto/objectBinding.ts'
import { ciphertextBytes } from '../../crypto/tinkStreamFormat.ts'
import { decryptRange } from '../../crypto/tinkStreamRange.ts'
import type { Download } from '../../db/queries/recordDownload.ts'
import type { ByteRange } from '../../domain/ports.ts'
import type { ApiDeps } from '../apiDeps.ts'
import { hidden } from '../requireAllowed.ts'
import { guardStream } from './guardStream.ts'

export type DownloadDeps = Pick<ApiDeps, 'app' | 'keys' | 'clean' | 'pace'>

const openPlaintext = async (
  { keys, clean }: DownloadDeps,
  districtId: string,
  download: Download,
  range: ByteRange,
): Promise<Readable> => {
  const key = await keys.unwrapDataKey(download.keyName, download.wrappedKey, toObjectKeyContext(districtId, download.cleanKey))
  return decryptRange(
    {
      key,
      associatedData: toObjectAssociatedData(districtId, download.cleanKey),
      ciphertextBytes: ciphertextBytes(download.cleanBytes),
      readCiphertext: (part, signal) => clean.read(download.cleanKey, { range: part, signal }),
    },
    range,
  )
}

/** Who may have the bytes: asked and written down before the first of them, and asked again while they flow. */
export type DownloadDecision = {
  /** Commits who reads what. Null when they may not at this moment. */
  record(): Promise<Download | null>
  isStillAllowed(): Promise<boolean>
}

/**
 * Opens the decrypted bytes of a clean attachment. Who reads what is committed before the first byte leaves (law 11); while it
 * runs, the decision is asked for again and again, and no transaction is held open. `tear` breaks the connection.
 * @throws {Refusal} the uniform 404 when the actor may not download it at this moment. Rejects when the first bytes cannot be read.
 */
export const openDownload = async (
  deps: DownloadDeps,
  districtId: string,
  decision: DownloadDecision,
  range: ByteRange,
  tear: (fault: unknown) => void,
): Promise<ReadableStream<Uint8Array<ArrayBuffer>>> => {
  const decidedAt = performance.now()
  const download = await decision.record()
  if (download === null) throw hidden()
  const plaintext = await openPlaintext(deps, districtId, download, range)
  // A store that cannot be read becomes an honest error answer, not a broken file.
  await once(plaintext, 'readable')
  const { downloadBytesPerDecision: bytesPerDecision, downloadDecisionMs: decisionMs, downloadStallMs: stallMs } = deps.pace
  return guardStream(plaintext, { decidedAt, isStillAllowed: () => decision.isStillAllowed(), bytesPerDecision, decisionMs, stallMs, tear })
}
