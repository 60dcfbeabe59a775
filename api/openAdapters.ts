import type { Logger } from 'pino'
import { openKmsKeyService } from '../clients/kmsKeyService.ts'
import { createLanguageDetector } from '../clients/language/detectLanguage.ts'
import { openLocalKeyService } from '../clients/localKeyFile.ts'
import { loadPayloadKeyRing } from '../clients/payloadKeyRingFile.ts'
import { InvalidConfig } from '../clients/readEnvironment.ts'
import { createObjectBucket } from '../clients/s3/createObjectBucket.ts'
import { createS3Client } from '../clients/s3/createS3Client.ts'
import { createUploadSigner } from '../clients/s3/createUploadSigner.ts'
import { traceBucket } from '../clients/s3/traceBucket.ts'
import { connectTemporal, signalRun, startWorkflow } from '../clients/temporalClient.ts'
import { createDataConverter } from '../clients/temporalDataConverter.ts'
import type { PayloadKeyRing } from '../crypto/payloadKeyRing.ts'
import { createDistrictKeys } from '../db/districtKeys.ts'
import { openDatabase } from '../db/openDatabase.ts'
import type { KeyService } from '../domain/ports.ts'
import { openTracing } from '../telemetry/openTracing.ts'
import type { ApiDeps } from './apiDeps.ts'
import type { ApiConfig } from './config.ts'
import { lookNowSignal } from '../workflows/contract.ts'
import { createAskScanPressure } from './askScanPressure.ts'
import { createDistrictWords } from './districtWords.ts'
import { createHintRun } from './hintRun.ts'
import { createStartNow } from './startNow.ts'

/** A start that takes longer is the relay's. */
const startDeadlineMs = 1_000

type Adapters = {
  deps: Pick<
    ApiDeps,
    | 'app'
    | 'auth'
    | 'districtKeys'
    | 'keys'
    | 'signer'
    | 'clean'
    | 'rosterSigner'
    | 'roster'
    | 'startWorkflow'
    | 'hintRun'
    | 'askScanPressure'
    | 'findWords'
    | 'detectLanguage'
  >
  close(): Promise<void>
}

const openKeyService = async ({ keys, region }: ApiConfig): Promise<KeyService> => {
  if (keys.kind === 'kms') return openKmsKeyService({ region })
  return openLocalKeyService(keys.file).catch((cause: unknown) => {
    throw new InvalidConfig('KEY_FILE: expected a folder for the keys of a loopback stack; production uses the key service', { cause })
  })
}

const openKeyRing = (keys: KeyService, file: string): Promise<PayloadKeyRing> =>
  loadPayloadKeyRing(keys, file).catch((cause: unknown) => {
    throw new InvalidConfig('PAYLOAD_KEY_RING_FILE: expected a key ring that the key service can unwrap', { cause })
  })

/** Opens everything the API acts on. Temporal is connected on first use, so the API starts while it is away (law 5). */
export const openAdapters = async (config: ApiConfig, log: Logger): Promise<Adapters> => {
  const tracing = openTracing({ component: 'api', ...config.tracing })
  const keys = await openKeyService(config)
  const ring = await openKeyRing(keys, config.payloadKeyRingFile)
  const { endpoint, publicEndpoint, region, accessKeyId, secretAccessKey, incomingBucket, cleanBucket, rosterBucket } = config.objectStore
  const credentials = { accessKeyId, secretAccessKey }
  const store = createS3Client({ endpoint, region, credentials })
  const publicStore = createS3Client({ endpoint: publicEndpoint, region, credentials })
  const temporal = connectTemporal({ ...config.temporal, dataConverter: createDataConverter(ring) })
  const app = await openDatabase({ url: config.databaseUrls.app, remembersPlans: true })
  const auth = await openDatabase({ url: config.databaseUrls.auth, remembersPlans: true })
  const deps: Adapters['deps'] = {
    app,
    auth,
    keys,
    districtKeys: createDistrictKeys({ database: app, keyService: keys }),
    signer: createUploadSigner(publicStore, incomingBucket),
    askScanPressure: createAskScanPressure({ auth }),
    findWords: createDistrictWords({ app }),
    detectLanguage: createLanguageDetector(),
    clean: traceBucket(createObjectBucket(store, cleanBucket)),
    rosterSigner: createUploadSigner(publicStore, rosterBucket),
    roster: traceBucket(createObjectBucket(store, rosterBucket)),
    hintRun: createHintRun({ log, signal: (workflowId) => signalRun(temporal, workflowId, lookNowSignal, startDeadlineMs) }),
    startWorkflow: createStartNow({ app, log, tryStart: (request) => startWorkflow(temporal, request, startDeadlineMs) }),
  }
  const close = async (): Promise<void> => {
    await Promise.allSettled([app.close(), auth.close(), temporal.connection.close()])
    await tracing.close()
    store.destroy()
    publicStore.destroy()
  }
  return { deps, close }
}
