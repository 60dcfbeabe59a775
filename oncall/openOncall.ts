import { sql } from 'kysely'
import type { Client } from '@temporalio/client'
import type { S3Client } from '@aws-sdk/client-s3'
import type { PayloadCodec } from '@temporalio/common'
import { openKmsKeyService } from '../clients/kmsKeyService.ts'
import { openLocalKeyService } from '../clients/localKeyFile.ts'
import { loadPayloadKeyRing } from '../clients/payloadKeyRingFile.ts'
import { createObjectBucket } from '../clients/s3/createObjectBucket.ts'
import { createS3Client } from '../clients/s3/createS3Client.ts'
import { connectTemporal } from '../clients/temporalClient.ts'
import { createDataConverter } from '../clients/temporalDataConverter.ts'
import { createPayloadCodec } from '../crypto/payloadCodec.ts'
import type { PayloadKeyRing } from '../crypto/payloadKeyRing.ts'
import { acrossDistricts, openDatabase, type Database } from '../db/openDatabase.ts'
import type { KeyService, ObjectBucket } from '../domain/ports.ts'
import type { OncallConfig } from './config.ts'
import { Fault } from './fault.ts'
import { toFault } from './toFault.ts'

/** What the commands work with. All but the database is opened when it is first asked for: each command works while what it does not need is down. */
export type Oncall = {
  config: OncallConfig
  /** As the role `oncall`. */
  database: Database
  /** Looks at runs, and signals; without the payload keys, so it can start and decode nothing. */
  looker: Client
  /** Starts runs: encrypts their inputs. */
  openStarter(): Promise<Client>
  openCodec(): Promise<PayloadCodec>
  openKeys(): Promise<KeyService>
  buckets: Record<'incoming' | 'clean' | 'quarantine' | 'archive', ObjectBucket>
  close(): Promise<void>
}

/** @throws {Fault} when the database cannot be reached: nothing can be shown, and nothing may be done that could not be written down. */
export const openOncall = async (config: OncallConfig): Promise<Oncall> => {
  const database = await openDatabase({ url: config.DATABASE_URL_ONCALL, connectionsMax: 4 })
  await requireDatabase(database)
  const temporal = { address: config.TEMPORAL_ADDRESS, namespace: config.TEMPORAL_NAMESPACE }
  const looker = connectTemporal({ ...temporal, dataConverter: {} })
  const openKeys = once(async (): Promise<KeyService> =>
    config.KEY_FILE === undefined ? openKmsKeyService({ region: config.HALLPASS_REGION }) : openLocalKeyService(config.KEY_FILE),
  )
  const openRing = once(async (): Promise<PayloadKeyRing> => loadPayloadKeyRing(await openKeys(), config.PAYLOAD_KEY_RING_FILE))
  const clients: Client[] = [looker]
  const openStarter = once(async () => {
    const starter = connectTemporal({ ...temporal, dataConverter: createDataConverter(await openRing()) })
    clients.push(starter)
    return starter
  })
  const { s3, buckets } = openBuckets(config)
  return {
    config,
    database,
    looker,
    openStarter,
    openKeys,
    openCodec: once(async () => createPayloadCodec(await openRing())),
    buckets,
    close: async () => {
      s3.destroy()
      await Promise.all([database.close(), ...clients.map((client) => client.connection.close())])
    },
  }
}

/** The pool connects at its first statement. */
const requireDatabase = async (database: Database): Promise<void> => {
  try {
    await acrossDistricts(database, ({ db }) => sql`select 1`.execute(db))
  } catch (error) {
    await database.close()
    throw new Fault(
      `Postgres cannot be reached as the role oncall: ${toFault(error)}.\n  mend: see whether it runs, and what DATABASE_URL_ONCALL says`,
    )
  }
}

/** Opens at the first call, and gives the same to every later one. */
const once = <T>(open: () => Promise<T>): (() => Promise<T>) => {
  let opened: Promise<T> | undefined
  return () => (opened ??= open())
}

const openBuckets = (config: OncallConfig): { s3: S3Client; buckets: Oncall['buckets'] } => {
  const s3 = createS3Client({
    endpoint: config.S3_ENDPOINT,
    region: config.S3_REGION,
    credentials: { accessKeyId: config.S3_ONCALL_ACCESS_KEY, secretAccessKey: config.S3_ONCALL_SECRET_KEY },
    timeoutMs: 10_000,
  })
  const buckets = {
    incoming: createObjectBucket(s3, config.S3_BUCKET_INCOMING),
    clean: createObjectBucket(s3, config.S3_BUCKET_CLEAN),
    quarantine: createObjectBucket(s3, config.S3_BUCKET_QUARANTINE),
    archive: createObjectBucket(s3, config.S3_BUCKET_ARCHIVE),
  }
  return { s3, buckets }
}
