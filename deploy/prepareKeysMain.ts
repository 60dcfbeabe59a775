/** One-off job: the folder of local keys and the ring for Temporal payloads. What is there already stays as it is. */
import { z } from 'zod'
import { openLocalKeyService } from '../clients/localKeyFile.ts'
import { ensurePayloadKeyRing } from '../clients/payloadKeyRingFile.ts'
import { readVariables } from './readVariables.ts'

const { KEY_FILE, PAYLOAD_KEY_RING_FILE } = readVariables(
  z.object({ KEY_FILE: z.string().min(1), PAYLOAD_KEY_RING_FILE: z.string().min(1) }),
)
await ensurePayloadKeyRing(await openLocalKeyService(KEY_FILE), PAYLOAD_KEY_RING_FILE)
process.stdout.write('keys are ready\n')
