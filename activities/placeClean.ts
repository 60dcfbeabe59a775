import type { Readable } from 'node:stream'
import { toDistrictKeyName } from '../db/dataKeyContext.ts'
import type { AttachmentRef } from '../workflows/contract.ts'
import type { AttachmentDeps } from './attachmentDeps.ts'
import type { Inspection } from './inspection.ts'
import { placeObject, toPlacedFindings, type Placing } from './placeObject.ts'
import { storeEncrypted } from './storeEncrypted.ts'

/** What everybody in the conversation may have: bytes that passed, or what was made of them and passed as well. */
export type PassedFile = { inspection: Inspection; contentType: string; body: Readable; bytes: number }

/** Writes what passed encrypted to the clean bucket under a fresh key, and lets the row say so. */
export const placeClean = async (
  deps: Pick<AttachmentDeps, 'app' | 'keys' | 'clean'>,
  ref: AttachmentRef,
  { inspection, contentType, body, bytes }: PassedFile,
  signal: AbortSignal,
): Promise<Placing> => {
  const { clean: bucket } = deps
  const keyName = toDistrictKeyName(ref.districtId)
  const cleanKey = await storeEncrypted(deps, { districtId: ref.districtId, keyName, bucket, body, signal })
  const found = { ...toPlacedFindings(inspection), verdict: 'clean' as const }
  return placeObject(deps, ref, { ...found, cleanKey, cleanBytes: bytes, cleanContentType: contentType }, { bucket, objectKey: cleanKey })
}
