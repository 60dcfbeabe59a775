import { once } from 'node:events'
import type { Readable } from 'node:stream'
import { toObjectAssociatedData, toObjectKeyContext } from '../../crypto/objectBinding.ts'
import { ciphertextBytes } from '../../crypto/tinkStreamFormat.ts'
import { decryptRange } from '../../crypto/tinkStreamRange.ts'
import { readDistrict } from '../../db/openDatabase.ts'
import { findActor } from '../../db/queries/findActor.ts'
import { mayStillDownload, recordDownload, type Download } from '../../db/queries/recordDownload.ts'
import type { ByteRange } from '../../domain/ports.ts'
import { actAs } from '../actAs.ts'
import type { ApiDeps } from '../apiDeps.ts'
import type { Actor } from '../apiEnv.ts'
import { hidden } from '../requireAllowed.ts'
import { guardStream } from './guardStream.ts'

type DownloadDeps = Pick<ApiDeps, 'app' | 'keys' | 'clean' | 'pace'>

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

/**
 * Opens the decrypted bytes of a clean attachment. Who reads what is committed before the first byte leaves (law 11); while it
 * runs, roster and session are asked again and again, and no transaction is held open. `tear` breaks the connection.
 * @throws {Refusal} the uniform 404 when the actor may not download it at this moment. Rejects when the first bytes cannot be read.
 */
export const openDownload = async (
  deps: DownloadDeps,
  actor: Actor,
  attachmentId: string,
  range: ByteRange,
  tear: (fault: unknown) => void,
): Promise<ReadableStream<Uint8Array<ArrayBuffer>>> => {
  const { districtId, userId: actorId } = actor
  const decidedAt = performance.now()
  const download = await actAs(deps.app, actor, (tx) => recordDownload(tx, { attachmentId, actorId }))
  if (download === null) throw hidden()
  const plaintext = await openPlaintext(deps, districtId, download, range)
  // A store that cannot be read becomes an honest error answer, not a broken file.
  await once(plaintext, 'readable')
  const isStillAllowed = () =>
    readDistrict(
      deps.app,
      districtId,
      async (tx) => (await findActor(tx, actor)) !== null && (await mayStillDownload(tx, { attachmentId, actorId })),
    )
  const { downloadBytesPerDecision: bytesPerDecision, downloadDecisionMs: decisionMs, downloadStallMs: stallMs } = deps.pace
  return guardStream(plaintext, { decidedAt, isStillAllowed, bytesPerDecision, decisionMs, stallMs, tear })
}
