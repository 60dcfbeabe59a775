import { pino } from 'pino'
import type { ApiDeps } from './apiDeps.ts'
import { toOpenapiDocument } from './openapiDocument.ts'
import { createV1 } from './v1.ts'

/** Routes are described without being run: whoever touches a dependency while they are declared has a bug. */
const untouchable = new Proxy(
  {},
  {
    get(_, property) {
      throw new Error(`${String(property)} was used while the routes were declared`)
    },
  },
) as never

const deps: ApiDeps = {
  publicUrl: 'http://localhost',
  webOrigins: [],
  log: pino({ level: 'silent' }),
  metrics: untouchable,
  app: untouchable,
  auth: untouchable,
  districtKeys: untouchable,
  keys: untouchable,
  signer: untouchable,
  clean: untouchable,
  rosterSigner: untouchable,
  roster: untouchable,
  uploadTicketSeconds: 600,
  taskQueues: { attachments: 'attachments', maintenance: 'maintenance', roster: 'roster', safety: 'safety', translations: 'translations' },
  askScanPressure: () => Promise.reject(new Error('nobody uploads while the routes are declared')),
  detectLanguage: () => 'en',
  findWords: () => Promise.reject(new Error('nothing is posted while the routes are declared')),
  hintRun: () => Promise.reject(new Error('no run is woken while the routes are declared')),
  startWorkflow: () => Promise.reject(new Error('no run is started while the routes are declared')),
  pace: untouchable,
  leaving: new AbortController().signal,
  closing: new AbortController().signal,
}

/** The contract as text, exactly as `api/openapi.json` holds it. Needs no server, no database and no configuration. */
export const describeApi = (): string => `${JSON.stringify(toOpenapiDocument(createV1(deps)), null, 2)}\n`
