import { v7 as newId } from 'uuid'
import { startWorkflow } from '../../clients/temporalClient.ts'
import { withDistrict } from '../../db/openDatabase.ts'
import { completeRosterSync } from '../../db/queries/completeRosterSync.ts'
import { createRosterSync } from '../../db/queries/createRosterSync.ts'
import type { OutboxStart } from '../../db/queries/enqueueWorkflow.ts'
import { toFeedKey } from '../../domain/roster/objectKeys.ts'
import { decideRemovalId, syncRosterId, toSyncStart, type RosterPace } from '../../workflows/contract.ts'
import type { AttachmentWorld } from './attachmentWorld.ts'
import { createBulkFiles, zipFiles, type FeedFiles } from './feedFiles.ts'
import { present } from './present.ts'
import { switchEverythingOn } from './switchEverythingOn.ts'

/** Waits of milliseconds where production waits for minutes. */
export const testRosterPace: RosterPace = {
  stepTimeoutMs: 10_000,
  applyTimeoutMs: 60_000,
  heartbeatTimeoutMs: 10_000,
  waitBetweenTriesMs: 50,
  waitBetweenRoundsMs: 300,
  interruptionsMax: 5,
  turnWaitMs: 300,
  decisionWaitMs: 300,
  escalateAfterMs: 600_000,
  waitsPerRun: 40,
}

export type SyncState = {
  state: string
  attempt: number
  removals: string | null
  fault_code: string | null
  roster_version: string | null
}

/** A district without a roster but for one administrator, and what its machines and its people do, as the API does it for them. */
export type RosterActs = {
  districtId: string
  administrator: { id: string; email: string }
  /** Asks for a ticket; nothing is uploaded. */
  addTicket(options?: { isDryRun?: boolean }): Promise<string>
  upload(syncId: string, zip: Buffer): Promise<void>
  /** Says that the feed is there, without starting anything. */
  complete(syncId: string): Promise<OutboxStart>
  start(start: OutboxStart): Promise<void>
  /** Ticket, upload, completion and start in one. */
  send(zip: Buffer, options?: { isDryRun?: boolean }): Promise<string>
  row(syncId: string): Promise<SyncState>
  syncOf(syncId: string, attempt?: number): ReturnType<AttachmentWorld['adapters']['client']['workflow']['getHandle']>
  decisionOf(syncId: string, attempt?: number): ReturnType<AttachmentWorld['adapters']['client']['workflow']['getHandle']>
  /** Writes the decision as the API does, and wakes nobody. */
  decide(syncId: string, removals: 'approving' | 'discarding'): Promise<void>
}

/** A small feed in bulk that knows the administrator, without these lines of `enrollments`. */
export const packBulk = (change: (files: FeedFiles) => FeedFiles = (files) => files): Promise<Buffer> => {
  const files = createBulkFiles('1.2')
  return zipFiles(change({ ...files, users: `${String(files['users'])}admin,,,true,Given,Family,,\n` }))
}

/** The feed without anybody's enrollment but the teacher's. */
export const withoutStudent = (files: FeedFiles): FeedFiles => ({
  ...files,
  enrollments: String(files['enrollments']).replace(/^e1,.*\n/m, ''),
})

export const createRosterActs = async (world: AttachmentWorld, brake = { percent: 100, rows: 1_000 }): Promise<RosterActs> => {
  const { adapters, config, buckets, database } = world
  const { app, client, districtKeys } = adapters
  const districtId = newId()
  const administrator = { id: newId(), email: `administrator-${districtId}@example.org` }
  await database.superuser.query(
    `insert into districts (id, kind, name, time_zone, brake_percent, brake_rows) values ($1, 'district', 'Test', 'America/Denver', $2, $3)`,
    [districtId, brake.percent, brake.rows],
  )
  await switchEverythingOn(database.superuser, districtId)
  const cipher = await districtKeys.forDistrict(districtId)
  await database.superuser.query(
    `insert into users (district_id, id, sourced_id, role, given_name, family_name, email) values ($1, $2, 'local:admin', 'staff', 'Given', 'Family', $3)`,
    [districtId, administrator.id, cipher.sealText({ table: 'users', rowId: administrator.id, column: 'email' }, administrator.email)],
  )
  await database.superuser.query(
    `insert into grants (district_id, id, user_id, permission, author_id, begins) values ($1, $2, $3, 'administer', $3, now() - interval '1 day')`,
    [districtId, newId(), administrator.id],
  )
  const by = { kind: 'system', name: 'test' } as const
  const addTicket: RosterActs['addTicket'] = async ({ isDryRun = false } = {}) =>
    present(await withDistrict(app, districtId, (tx) => createRosterSync(tx, { isDryRun, author: { kind: 'client', id: newId() }, by })))
  const upload: RosterActs['upload'] = (syncId, zip) => buckets.put('roster', toFeedKey(districtId, syncId), zip)
  const complete: RosterActs['complete'] = async (syncId) =>
    present(
      await withDistrict(app, districtId, (tx) => completeRosterSync(tx, { syncId, by, startFor: toSyncStart(config.taskQueues.roster) })),
    )
  const start: RosterActs['start'] = ({ type, workflowId, taskQueue, input }) =>
    startWorkflow(client, { type, workflowId, taskQueue, input, districtId, syncId: String(input['syncId']) }, 5_000)
  return {
    districtId,
    administrator,
    addTicket,
    upload,
    complete,
    start,
    send: async (zip, options) => {
      const syncId = await addTicket(options)
      await upload(syncId, zip)
      await start(await complete(syncId))
      return syncId
    },
    row: async (syncId) =>
      present(
        (
          await database.superuser.query<SyncState>(
            'select state, attempt, removals, fault_code, roster_version from roster_syncs where id = $1',
            [syncId],
          )
        ).rows[0],
      ),
    syncOf: (syncId, attempt = 1) => client.workflow.getHandle(syncRosterId(syncId, attempt)),
    decisionOf: (syncId, attempt = 1) => client.workflow.getHandle(decideRemovalId(syncId, attempt)),
    decide: async (syncId, removals) => {
      await database.superuser.query(`update roster_syncs set removals = $2, decided_at = now(), decided_by = $3 where id = $1`, [
        syncId,
        removals,
        administrator.id,
      ])
    },
  }
}
