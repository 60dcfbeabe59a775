import type { Client } from '@temporalio/client'
import type { DataConverter, PayloadCodec } from '@temporalio/common'
import { NativeConnection } from '@temporalio/worker'
import { archiveKeyName } from '../clients/archive/archiveKey.ts'
import { createAwsSmsSender } from '../clients/awsSmsSender.ts'
import { createAwsTranslator } from '../clients/awsTranslator.ts'
import { openKmsKeyService } from '../clients/kmsKeyService.ts'
import { openLocalKeyService } from '../clients/localKeyFile.ts'
import { createPagerDuty } from '../clients/pagerDuty.ts'
import { loadPayloadKeyRing } from '../clients/payloadKeyRingFile.ts'
import { createGuardedFetch, type GuardedFetch } from '../clients/guardedFetch/createGuardedFetch.ts'
import { createObjectBucket } from '../clients/s3/createObjectBucket.ts'
import { createS3Client } from '../clients/s3/createS3Client.ts'
import { requireStoreEncryption } from '../clients/s3/requireStoreEncryption.ts'
import { traceBucket } from '../clients/s3/traceBucket.ts'
import { createClamdScanner } from '../clients/scanner/createClamdScanner.ts'
import { meterScanner, type ScanMeter } from '../clients/scanner/meterScanner.ts'
import { createSmtpMailer, type SmtpOptions } from '../clients/smtpMailer.ts'
import { createSqsFeedbackQueue } from '../clients/sqsFeedbackQueue.ts'
import { connectTemporal } from '../clients/temporalClient.ts'
import { createDataConverter } from '../clients/temporalDataConverter.ts'
import { toTemporalTls } from '../clients/temporalTls.ts'
import { createPayloadCodec } from '../crypto/payloadCodec.ts'
import { createDistrictKeys, type DistrictKeys } from '../db/districtKeys.ts'
import { openDatabase, type Database } from '../db/openDatabase.ts'
import type { FeedbackQueue, KeyService, Mailer, ObjectBucket, Pager, SmsSender, Translator, VirusScanner } from '../domain/ports.ts'
import { isInternalEndpoint } from '../domain/residency.ts'
import { safetyKeyName } from '../activities/quarantineObject.ts'
import { createWorkerMetrics, type WorkerMetrics } from '../telemetry/createWorkerMetrics.ts'
import { openTracing, type Tracing } from '../telemetry/openTracing.ts'
import { traceCalls } from '../telemetry/traceCalls.ts'
import type { WorkerConfig } from './config.ts'

/** Every outside system that the worker speaks to, opened once. */
export type Adapters = {
  app: Database
  relay: Database
  sweeper: Database
  keys: KeyService
  districtKeys: DistrictKeys
  incoming: ObjectBucket
  clean: ObjectBucket
  quarantine: ObjectBucket
  /** Where closed histories are written, and not read. */
  archive: ObjectBucket
  /** The clean bucket seen with the credential that may read it. */
  released: ObjectBucket
  /** Feeds of rosters, and what is reported of them. */
  roster: ObjectBucket
  /** The only way to an address that a district names. */
  guardedFetch: GuardedFetch
  scanner: VirusScanner
  mailer: Mailer
  /** Null where nobody is written to by phone. */
  smsSender: SmsSender | null
  /** Null where nothing is translated. */
  translator: Translator | null
  /** Null where nobody says which mails bounced. */
  feedbackQueue: FeedbackQueue | null
  pager: Pager
  client: Client
  connection: NativeConnection
  dataConverter: DataConverter
  codec: PayloadCodec
  tracing: Tracing
  metrics: WorkerMetrics
  close(): Promise<void>
}

/** @throws when a system that the worker cannot do without is not there: the database, the keys, Temporal. */
export const openAdapters = async (config: WorkerConfig): Promise<Adapters> => {
  const tracing = openTracing({ component: 'worker', ...config.tracing })
  const metrics = createWorkerMetrics()
  const buckets = await openBuckets(config.objectStore)
  const keys = config.keys.kind === 'local' ? await openLocalKeyService(config.keys.file) : openKmsKeyService({ region: config.region })
  await keys.ensureKey(safetyKeyName, 'encrypt')
  await keys.ensureKey(archiveKeyName, 'encrypt')
  const ring = await loadPayloadKeyRing(keys, config.payloadKeyRingFile)
  const dataConverter = createDataConverter(ring)
  const { address, namespace } = config.temporal
  const client = connectTemporal({ address, namespace, dataConverter })
  const connection = await NativeConnection.connect({ address, tls: toTemporalTls(address) })
  const [app, relay, sweeper] = await Promise.all([
    openDatabase({ url: config.databaseUrls.app, connectionsMax: 20 }),
    openDatabase({ url: config.databaseUrls.relay, connectionsMax: 5 }),
    openDatabase({ url: config.databaseUrls.sweeper, connectionsMax: 3 }),
  ])
  const scanner = createClamdScanner(config.clamd)
  const guardedFetch = createGuardedFetch({ loopbackOrigins: config.pull.loopbackOrigins })
  const close = async (): Promise<void> => {
    scanner.close()
    guardedFetch.close()
    await Promise.all([app.close(), relay.close(), sweeper.close(), client.connection.close(), connection.close()])
    await tracing.close()
  }
  return {
    app,
    relay,
    sweeper,
    keys,
    scanner: traceCalls('clamd', meterScanner(scanner, toScanMeter(metrics)), ['scan', 'probe']),
    guardedFetch,
    client,
    connection,
    dataConverter,
    tracing,
    metrics,
    close,
    ...buckets,
    districtKeys: createDistrictKeys({ database: app, keyService: keys }),
    mailer: traceCalls('smtp', createSmtpMailer(toSmtp(config)), ['send']),
    smsSender: config.sms === null ? null : traceCalls('sms', createAwsSmsSender({ region: config.region, ...config.sms }), ['send']),
    translator: config.translation === null ? null : traceCalls('translate', createAwsTranslator(config.translation), ['translate']),
    feedbackQueue:
      config.mailFeedback === null
        ? null
        : traceCalls('sqs', createSqsFeedbackQueue({ region: config.region, queueUrl: config.mailFeedback.queueUrl }), [
            'receive',
            'remove',
          ]),
    pager: traceCalls('pager', createPagerDuty(config.pager), ['raise']),
    codec: createPayloadCodec(ring),
  }
}

const toSmtp = ({ smtpUrl, mailFrom, mailFeedback }: WorkerConfig): SmtpOptions => ({
  url: smtpUrl,
  from: mailFrom,
  configurationSet: mailFeedback?.configurationSet,
})

const toScanMeter = ({ scans, scannedBytes, signaturesPublished }: WorkerMetrics): ScanMeter => ({
  scanned: (result, seconds, bytes) => {
    scans.observe({ result }, seconds)
    scannedBytes.inc(bytes)
  },
  proven: ({ databasePublishedAt }) => {
    if (databasePublishedAt === undefined) signaturesPublished.remove()
    else signaturesPublished.set(databasePublishedAt.getTime() / 1_000)
  },
})

/** Outside a stack the store has to say first that it encrypts what it keeps (law 10). */
const openBuckets = async (
  store: WorkerConfig['objectStore'],
): Promise<Pick<Adapters, 'incoming' | 'clean' | 'quarantine' | 'archive' | 'released' | 'roster'>> => {
  const { endpoint, region, accessKeyId, secretAccessKey, rescan, roster } = store
  const s3 = createS3Client({ endpoint, region, credentials: { accessKeyId, secretAccessKey } })
  const rosterS3 = createS3Client({ endpoint, region, credentials: roster })
  if (!isInternalEndpoint(endpoint)) {
    await requireStoreEncryption(s3, [store.incomingBucket, store.cleanBucket, store.quarantineBucket, store.archiveBucket])
    await requireStoreEncryption(rosterS3, [roster.bucket])
  }
  return {
    incoming: traceBucket(createObjectBucket(s3, store.incomingBucket)),
    clean: traceBucket(createObjectBucket(s3, store.cleanBucket)),
    quarantine: traceBucket(createObjectBucket(s3, store.quarantineBucket)),
    archive: traceBucket(createObjectBucket(s3, store.archiveBucket)),
    released: traceBucket(createObjectBucket(createS3Client({ endpoint, region, credentials: rescan }), store.cleanBucket)),
    roster: traceBucket(createObjectBucket(rosterS3, roster.bucket)),
  }
}
