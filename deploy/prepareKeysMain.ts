/**
 * One-off job: the ring for Temporal payloads, wrapped by AWS KMS, or by the local keys in KEY_FILE. What is there already stays
 * as it is.
 */
import { z } from 'zod'
import { openKmsKeyService } from '../clients/kmsKeyService.ts'
import { openLocalKeyService } from '../clients/localKeyFile.ts'
import { ensurePayloadKeyRing } from '../clients/payloadKeyRingFile.ts'
import { readVariables } from './readVariables.ts'

const { KEY_FILE, HALLPASS_REGION, PAYLOAD_KEY_RING_FILE } = readVariables(
  z.object({ KEY_FILE: z.string().min(1).optional(), HALLPASS_REGION: z.string().default(''), PAYLOAD_KEY_RING_FILE: z.string().min(1) }),
)
const keys = KEY_FILE === undefined ? openKmsKeyService({ region: HALLPASS_REGION }) : await openLocalKeyService(KEY_FILE)
await ensurePayloadKeyRing(keys, PAYLOAD_KEY_RING_FILE)
process.stdout.write('keys are ready\n')
