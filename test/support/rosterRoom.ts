import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { sql } from 'kysely'
import { v7 as newId } from 'uuid'
import { openLocalKeyService } from '../../clients/localKeyFile.ts'
import { createDistrictKeys, type DistrictKeys } from '../../db/districtKeys.ts'
import { withDistrict, type Database, type DistrictTransaction } from '../../db/openDatabase.ts'
import { applyEvent, type AppliedEvent } from '../../db/roster/applyEvent.ts'
import { applyStaged, type AppliedFeed } from '../../db/roster/apply/applyStaged.ts'
import { openStaging } from '../../db/roster/staging/openStaging.ts'
import { rejectUnresolved } from '../../db/roster/staging/rejectUnresolved.ts'
import { takenFiles, type TakenFile } from '../../domain/roster/feedFiles.ts'
import type { RosterRow } from '../../domain/roster/rosterRow.ts'
import { toSettlingStart } from '../../workflows/contract.ts'
import { createTestDatabase, type TestDatabase } from './database.ts'
import { listReach } from './listReach.ts'
import { switchEverythingOn } from './switchEverythingOn.ts'

const startFor = toSettlingStart('roster')

/** What a feed says, file by file; each row is a line of its own. */
export type FeedRows = Partial<Record<TakenFile, readonly RosterRow[]>>

export type RosterRoom = {
  test: TestDatabase
  app: Database
  districtKeys: DistrictKeys
  /** A district without a roster. */
  addDistrict(limits?: { percent: number; rows: number }): Promise<string>
  /** Applies a feed as a sync does, on a connection of its own. `syncId` is the sync's that a brake would write. Of OneRoster 1.1 the lines of users say what people are. */
  sync(
    districtId: string,
    feed: { rows: FeedRows; mode?: 'bulk' | 'delta'; at?: Date; version?: '1.1' | '1.2' },
  ): Promise<AppliedFeed & { syncId: string }>
  event(districtId: string, event: { file: TakenFile | 'guardianships'; rows: readonly RosterRow[]; at?: Date }): Promise<AppliedEvent>
  /** Every channel that the roster allows today, as `teacher>participant about student`, by the district's ids. */
  reach(districtId: string): Promise<string[]>
  close(): Promise<void>
}

export const openRosterRoom = async (): Promise<RosterRoom> => {
  const test = await createTestDatabase()
  const app = await test.open('app', 8)
  const folder = await mkdtemp(join(tmpdir(), 'hallpass-keys-'))
  const districtKeys = createDistrictKeys({ database: app, keyService: await openLocalKeyService(folder) })
  const deps = { test, app, districtKeys }
  return {
    ...deps,
    addDistrict: (limits) => addDistrict(test, limits),
    sync: (districtId, feed) => syncRows(deps, districtId, feed),
    event: async (districtId, { file, rows, at = new Date() }) => {
      const cipher = await districtKeys.forDistrict(districtId)
      const work = async (tx: DistrictTransaction): Promise<AppliedEvent> => {
        // It waits for whoever changes the roster, for longer than a busy machine takes.
        await sql`select set_config('statement_timeout', '30000', true)`.execute(tx.db)
        return applyEvent(tx, { cipher, startFor }, { id: newId(), file, rows, occurredAt: at })
      }
      return withDistrict(app, districtId, work, { transactionTimeoutMs: 60_000 })
    },
    reach: (districtId) => listReach(app, districtId),
    close: async () => {
      await test.close()
      await rm(folder, { recursive: true, force: true })
    },
  }
}

const addDistrict = async ({ superuser }: TestDatabase, limits = { percent: 100, rows: 1_000_000 }): Promise<string> => {
  const id = newId()
  await superuser.query(
    `insert into districts (id, kind, name, time_zone, brake_percent, brake_rows) values ($1, 'district', 'Sample', 'America/Denver', $2, $3)`,
    [id, limits.percent, limits.rows],
  )
  await switchEverythingOn(superuser, id)
  return id
}

const addSync = async ({ superuser }: TestDatabase, districtId: string): Promise<string> => {
  const id = newId()
  await superuser.query(
    `insert into roster_syncs (district_id, id, origin, state, object_key, author_kind, author) values ($1, $2, 'upload', 'running', 'feed', 'operator', 'test')`,
    [districtId, id],
  )
  return id
}

const syncRows = async (
  { test, districtKeys }: Pick<RosterRoom, 'test' | 'districtKeys'>,
  districtId: string,
  { rows, mode = 'bulk', at = new Date(), version = '1.2' }: Parameters<RosterRoom['sync']>[1],
): Promise<AppliedFeed & { syncId: string }> => {
  const files = takenFiles.filter((file) => rows[file] !== undefined)
  const cipher = await districtKeys.forDistrict(districtId)
  const syncId = await addSync(test, districtId)
  const feed = { version, files: files.map((file) => ({ file, mode })) }
  const staging = await openStaging({ url: test.urls.app, districtId, cipher, feed })
  try {
    for (const file of files) await staging.add((rows[file] ?? []).map((row, index) => ({ file, line: index + 2, rows: [row] })))
    await staging.finish()
    await staging.transact((tx) => rejectUnresolved(tx, feed.files))
    const cause = { cause: 'sync', causeId: syncId } as const
    const applied = await staging.transact((tx) =>
      applyStaged(tx, { ...cause, sourceAt: at, areRolesOnUsers: version === '1.1', brakeFor: syncId, startFor }),
    )
    return { ...applied, syncId }
  } finally {
    await staging.close()
  }
}
