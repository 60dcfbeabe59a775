import type { DataConverter } from '@temporalio/common'
import { fileURLToPath } from 'node:url'
import { createPayloadCodec } from '../crypto/payloadCodec.ts'
import type { PayloadKeyRing } from '../crypto/payloadKeyRing.ts'

/** The module that a bundle of workflows must hold besides: runs encrypt their failures too. */
export const failureConverterPath = fileURLToPath(new URL('./temporalFailureConverter.ts', import.meta.url))

/** What every client and every worker must be given, the same (law 7): payloads and failures are encrypted. */
export const createDataConverter = (ring: PayloadKeyRing): DataConverter => ({
  payloadCodecs: [createPayloadCodec(ring)],
  failureConverterPath,
})
