import { randomBytes } from 'node:crypto'
import { v7 as newId } from 'uuid'
import { vi } from 'vitest'
import { withDistrict } from '../../db/openDatabase.ts'
import { openChannel } from '../../db/queries/openChannel.ts'
import { settleVersionId } from '../../workflows/contract.ts'
import { present } from '../support/present.ts'
import { createRosterActs, type RosterActs } from '../support/rosterActs.ts'
import { everyone, packBulk } from './rosterFeeds.ts'
import type { Stage } from './scenario.ts'

/** Longer than others need to come to where they stand. */
export const patience = { timeout: 500_000, interval: 200 }

/** A district of which nothing was removed so far: the teacher is in conversation with `u1`, who has begun to upload, and `u5` is signed in. */
export type RosterStage = Stage & {
  acts: RosterActs
  districtId: string
  /** The id of a person, by the district's. */
  find(sourcedId: string): Promise<string>
  /** Waits for what follows from the newest version. */
  settleNewest: () => Promise<void>
}

const strictBrake = { percent: 10, rows: 1 }
const looseBrake = { percent: 100, rows: 1_000 }

export const openRosterStage = async (stage: Stage, { isBrakeStrict = false } = {}): Promise<RosterStage> => {
  const { world } = stage
  const { superuser } = world.database
  const acts = await createRosterActs(world, isBrakeStrict ? strictBrake : looseBrake)
  const { districtId } = acts
  await acts.syncOf(await acts.send(await packBulk(everyone(districtId)))).result()
  const find = async (sourcedId: string): Promise<string> => {
    const { rows } = await superuser.query<{ id: string }>('select id from users where district_id = $1 and sourced_id = $2', [
      districtId,
      sourcedId,
    ])
    return present(rows[0]).id
  }
  const [teacherId, studentId, leavingId] = [await find('u2'), await find('u1'), await find('u5')]
  const channel = { teacherId, participantId: studentId, studentId }
  const opened = present(await withDistrict(world.adapters.app, districtId, (tx) => openChannel(tx, channel)))
  await superuser.query(
    `insert into attachments (district_id, id, channel_id, uploader_id, state, file_name, content_type, bytes, incoming_key, ticket_expires_at)
     values ($1, $2, $3, $4, 'awaiting-upload', '\\x00', 'application/pdf', 1, $5, now() + interval '1 hour')`,
    [districtId, newId(), opened.channel.id, studentId, newId()],
  )
  await superuser.query(
    `insert into sessions (district_id, id, token_hash, user_id, expires_at) values ($1, $2, $3, $4, now() + interval '1 hour')`,
    [districtId, newId(), randomBytes(32), leavingId],
  )
  const settleNewest = async (): Promise<void> => {
    const { rows } = await superuser.query<{ version: string }>('select roster_version as version from districts where id = $1', [
      districtId,
    ])
    await stage.relay()
    await world.adapters.client.workflow.getHandle(settleVersionId({ districtId, version: Number(present(rows[0]).version) })).result()
  }
  return { ...stage, acts, districtId, find, settleNewest }
}

/** Waits until the world is so. */
export const until = (isSo: () => Promise<boolean> | boolean, what: string): Promise<void> =>
  vi.waitFor(async () => {
    if (!(await isSo())) throw new Error(`never came: ${what}`)
  }, patience)
