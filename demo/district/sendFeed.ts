import { setTimeout as wait } from 'node:timers/promises'
import type { ApiClient } from '../../api/client.ts'
import type { RosterSyncDetailView } from '../../api/schemas/rosterSyncSchema.ts'
import type { Place } from './place.ts'

/** A district and its machine, which sends the roster. */
export type Sender = { districtId: string; machine: ApiClient }

const patienceMs = 180_000
const pauseMs = 50

/** Uploads a feed as the district's machine does, and answers its sync once it has ended. @throws when a server refuses, or after three minutes. */
export const sendFeed = async (
  { storeUrl }: Pick<Place, 'storeUrl'>,
  { districtId, machine }: Sender,
  zip: Buffer,
): Promise<RosterSyncDetailView> => {
  const syncs = machine.v1.districts[':districtId']['roster-syncs']
  const ticket = await syncs.$post({ param: { districtId }, json: { isDryRun: false }, header: {} })
  if (ticket.status !== 201) throw new Error(`a feed got no ticket: HTTP ${ticket.status}`)
  const { sync, upload } = await ticket.json()
  await postForm(storeUrl, upload, zip)
  const completed = await syncs[':id'].complete.$post({ param: { districtId, id: sync.id } })
  if (completed.status !== 202) throw new Error(`saying that a feed is there was refused: HTTP ${completed.status}`)
  return followSync({ districtId, machine }, sync.id, ({ endedAt }) => endedAt !== null)
}

/** A pre-signed form holds no host: it is good for any address of the same store. */
const postForm = async (storeUrl: string | null, { url, fields }: { url: string; fields: Record<string, string> }, zip: Buffer) => {
  const form = new FormData()
  for (const [name, value] of Object.entries(fields)) form.append(name, value)
  form.append('file', new Blob([new Uint8Array(zip)], { type: 'application/zip' }))
  const address = storeUrl === null ? url : new URL(new URL(url).pathname, storeUrl)
  const answer = await fetch(address, { method: 'POST', body: form })
  await answer.body?.cancel()
  if (!answer.ok) throw new Error(`the object store took no feed: HTTP ${answer.status}`)
}

/** Looks at a sync until `isOver`. @throws after three minutes. */
export const followSync = async (
  { districtId, machine }: Sender,
  id: string,
  isOver: (sync: RosterSyncDetailView) => boolean,
): Promise<RosterSyncDetailView> => {
  const until = performance.now() + patienceMs
  for (;;) {
    const answer = await machine.v1.districts[':districtId']['roster-syncs'][':id'].$get({ param: { districtId, id } })
    if (answer.status !== 200) throw new Error(`a sync could not be looked at: HTTP ${answer.status}`)
    const sync = await answer.json()
    if (isOver(sync)) return sync
    if (performance.now() > until) throw new Error(`a sync is still ${sync.state} after three minutes`)
    await wait(pauseMs)
  }
}
