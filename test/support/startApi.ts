import { randomUUID } from 'node:crypto'
import { appendFileSync } from 'node:fs'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { DestinationStream } from 'pino'
import { inject } from 'vitest'
import { defaultStreamPace, type ApiDeps } from '../../api/apiDeps.ts'
import { createApp } from '../../api/app.ts'
import { listen } from '../../api/listen.ts'
import { createAskScanPressure } from '../../api/askScanPressure.ts'
import { createDistrictWords } from '../../api/districtWords.ts'
import { createHintRun } from '../../api/hintRun.ts'
import { createStartNow } from '../../api/startNow.ts'
import { createLanguageDetector } from '../../clients/language/detectLanguage.ts'
import { openLocalKeyService } from '../../clients/localKeyFile.ts'
import { createObjectBucket } from '../../clients/s3/createObjectBucket.ts'
import { createS3Client } from '../../clients/s3/createS3Client.ts'
import { createUploadSigner } from '../../clients/s3/createUploadSigner.ts'
import { connectTemporal, signalRun, startWorkflow } from '../../clients/temporalClient.ts'
import { createDataConverter } from '../../clients/temporalDataConverter.ts'
import { createKeyRing, unwrapKeyRing } from '../../crypto/payloadKeyRing.ts'
import { redactedNames } from '../../db/dataClasses.ts'
import { createDistrictKeys } from '../../db/districtKeys.ts'
import { createApiMetrics } from '../../telemetry/createApiMetrics.ts'
import { openLog } from '../../telemetry/openLog.ts'
import { lookNowSignal } from '../../workflows/contract.ts'
import type { TestDatabase } from './database.ts'

/** The API as a process has it, over real servers, listening on a port of its own. */
export type RunningApi = {
  url: string
  deps: ApiDeps
  /** Everything that was logged so far. */
  logged(): string
  close(): Promise<void>
}

export type StartOptions = Partial<
  Pick<
    ApiDeps,
    | 'webOrigins'
    | 'publicUrl'
    | 'clean'
    | 'signer'
    | 'rosterSigner'
    | 'roster'
    | 'keys'
    | 'closing'
    | 'districtKeys'
    | 'taskQueues'
    | 'startWorkflow'
  >
> & {
  pace?: Partial<ApiDeps['pace']>
  /** Another than the stack's, to see the API without one. */
  temporalAddress?: string
}

/** Starts the API on a test file's database with the stack's object store and Temporal; its task queue is nobody's. */
export const startApi = async (database: TestDatabase, options: StartOptions = {}): Promise<RunningApi> => {
  const stack = inject('stack')
  const keyFolder = await mkdtemp(join(tmpdir(), 'hallpass-keys-'))
  const keys = await openLocalKeyService(keyFolder)
  const ring = await unwrapKeyRing(keys, await createKeyRing(keys))
  const store = createS3Client({ endpoint: stack.s3.endpoint, region: stack.region, credentials: stack.s3.api })
  const address = options.temporalAddress ?? stack.temporal.address
  const temporal = connectTemporal({ address, namespace: stack.temporal.namespace, dataConverter: createDataConverter(ring) })
  const [app, auth] = [await database.open('app', 10, { remembersPlans: true }), await database.open('auth', 5, { remembersPlans: true })]
  const lines: string[] = []
  // Also into the stack's folder, which is searched for user content after the suite.
  const keep = (line: string): void => {
    lines.push(line)
    appendFileSync(join(inject('stack').folder, 'logs', 'api-in-tests.log'), line)
  }
  const log = openLog({ component: 'api', level: 'debug', guardedNames: redactedNames }, { write: keep } satisfies DestinationStream)
  const closing = new AbortController()
  const { pace, temporalAddress: _, ...given } = options
  const queue = `nobody-${randomUUID()}`
  const deps: ApiDeps = {
    publicUrl: 'http://127.0.0.1:8080',
    webOrigins: ['https://app.example.org'],
    log,
    metrics: createApiMetrics(),
    app,
    auth,
    keys,
    districtKeys: createDistrictKeys({ database: app, keyService: options.keys ?? keys }),
    signer: createUploadSigner(store, stack.s3.buckets.incoming),
    clean: createObjectBucket(store, stack.s3.buckets.clean),
    rosterSigner: createUploadSigner(store, stack.s3.buckets.roster),
    roster: createObjectBucket(store, stack.s3.buckets.roster),
    uploadTicketSeconds: 600,
    askScanPressure: createAskScanPressure({ auth }),
    findWords: createDistrictWords({ app, lifeMs: 0 }),
    detectLanguage: createLanguageDetector(),
    taskQueues: { attachments: queue, maintenance: queue, roster: queue, safety: queue, translations: queue },
    hintRun: createHintRun({ log, signal: (workflowId) => signalRun(temporal, workflowId, lookNowSignal) }),
    startWorkflow: createStartNow({ app, log, tryStart: (request) => startWorkflow(temporal, request) }),
    leaving: closing.signal,
    closing: closing.signal,
    ...given,
    pace: { ...defaultStreamPace, ...pace },
  }
  const { server, port } = await listen(createApp(deps), { host: '127.0.0.1', port: 0 })
  const close = async (): Promise<void> => {
    closing.abort()
    if ('closeAllConnections' in server) server.closeAllConnections()
    await new Promise((resolve) => server.close(resolve))
    await temporal.connection.close()
    store.destroy()
    await rm(keyFolder, { recursive: true, force: true })
  }
  return { url: `http://127.0.0.1:${port}`, deps, logged: () => lines.join(''), close }
}
