import { serve } from '@hono/node-server'
import type { PayloadCodec } from '@temporalio/common'
import type { Logger } from 'pino'
import { withDistrict, type Database } from '../db/openDatabase.ts'
import { operationsDistrictId } from '../db/operationsDistrict.ts'
import { recordAudit } from '../db/queries/recordAudit.ts'
import { toLoggableFault } from '../domain/toLoggableFault.ts'
import { createCodecServer } from './codecServer.ts'
import type { WorkerConfig } from './config.ts'

/** Lets engineers decode payloads. Each decoding and encoding is in the audit log of operations before it is answered (law 11). */
export const startCodecServer = (
  { host, port, engineers }: NonNullable<WorkerConfig['codec']>,
  { codec, app, namespace, uiUrl, log }: { codec: PayloadCodec; app: Database; namespace: string; uiUrl: string; log: Logger },
): Promise<{ close(): Promise<void> }> => {
  const server = createCodecServer({
    codec,
    engineers,
    namespace,
    uiOrigins: [new URL(uiUrl).origin],
    record: ({ engineer, act, payloads }) =>
      withDistrict(app, operationsDistrictId, (tx) =>
        recordAudit(tx, {
          actor: { kind: 'staff', name: engineer },
          action: `payload.${act}`,
          target: { kind: 'namespace', id: namespace },
          details: { payloads },
        }),
      ),
    onFault: (error) => log.error({ fault: toLoggableFault(error) }, 'codec server fault'),
  })
  return new Promise((resolve, reject) => {
    const listening = serve({ fetch: server.fetch, hostname: host, port }, () =>
      resolve({ close: () => new Promise((closed) => listening.close(() => closed())) }),
    )
    listening.once('error', reject)
  })
}
