/**
 * Rotates the key ring of Temporal payloads without a pause: `add` a key and roll the file out to every process, then `promote` it. Old keys
 * stay in the ring until the retention of histories (90 days) has passed. `list` shows ids only.
 *
 *   node scripts/payloadKeys.ts list | add | promote <key id>
 *
 * Reads PAYLOAD_KEY_RING_FILE, and KEY_FILE (the local keys of a stack) or HALLPASS_REGION (AWS KMS).
 */
import { openKmsKeyService } from '../clients/kmsKeyService.ts'
import { openLocalKeyService } from '../clients/localKeyFile.ts'
import { readPayloadKeyRing, replacePayloadKeyRing } from '../clients/payloadKeyRingFile.ts'
import { addKey, promoteKey } from '../crypto/payloadKeyRing.ts'

const { PAYLOAD_KEY_RING_FILE: path, KEY_FILE: keyFile, HALLPASS_REGION: region } = process.env
const [action, keyId] = process.argv.slice(2)

const requireSet = (value: string | undefined, name: string): string => {
  if (value === undefined || value === '') throw new Error(`${name} is not set`)
  return value
}

const ringPath = requireSet(path, 'PAYLOAD_KEY_RING_FILE')
const ring = await readPayloadKeyRing(ringPath)
if (action === 'list') {
  for (const id of Object.keys(ring.keys)) console.log(id === ring.current ? `${id} (current)` : id)
} else if (action === 'add') {
  const keys =
    keyFile === undefined ? openKmsKeyService({ region: requireSet(region, 'HALLPASS_REGION') }) : await openLocalKeyService(keyFile)
  const added = await addKey(keys, ring)
  await replacePayloadKeyRing(ringPath, added.ring)
  console.log(added.keyId)
} else if (action === 'promote' && keyId !== undefined) {
  await replacePayloadKeyRing(ringPath, promoteKey(ring, keyId))
} else {
  console.error('usage: payloadKeys.ts list | add | promote <key id>')
  process.exitCode = 2
}
