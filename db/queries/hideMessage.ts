import { sql } from 'kysely'
import type { RawBuilder } from 'kysely'
import type { DistrictTransaction } from '../openDatabase.ts'
import { findRow } from '../rows.ts'
import { eventsOf } from './addEvent.ts'
import { isLiveChannel } from './liveRelation.ts'
import { recordAudit } from './recordAudit.ts'

type Ref = { messageId: string; actorId: string }

/**
 * The channel's teacher hides a message: gone for the participant with its files, in this commit. Decided by the live roster in the same
 * statement; a change is audited, hiding twice is hiding once. Nothing happens for anybody else: the caller decides what to answer.
 */
export const hideMessage = async (tx: DistrictTransaction, ref: Ref): Promise<void> => {
  const hidden = await findRow(
    tx.db,
    sql<{ id: string }>`
      with changed as (
        update messages m set hidden_at = statement_timestamp(), hidden_by = ${ref.actorId}::uuid
        from channels c where ${isOwn(tx, ref)} and m.hidden_at is null
        returning m.district_id, m.channel_id, m.id)
      ${toEvent('message.hidden')} returning subject_id as id`,
  )
  if (hidden !== null) await record(tx, ref, 'message.hide')
}

/** As `hideMessage`, the other way round. */
export const unhideMessage = async (tx: DistrictTransaction, ref: Ref): Promise<void> => {
  const shown = await findRow(
    tx.db,
    sql<{ id: string }>`
      with changed as (
        update messages m set hidden_at = null, hidden_by = null
        from channels c where ${isOwn(tx, ref)} and m.hidden_at is not null
        returning m.district_id, m.channel_id, m.id)
      ${toEvent('message.unhidden')} returning subject_id as id`,
  )
  if (shown !== null) await record(tx, ref, 'message.unhide')
}

const toEvent = (kind: 'message.hidden' | 'message.unhidden'): RawBuilder<unknown> =>
  eventsOf(kind, { from: 'changed', channelId: sql`changed.channel_id`, subject: sql`changed.id` })

/** A message that stands in a live channel of the teacher's. */
const isOwn = ({ districtId }: DistrictTransaction, { messageId, actorId }: Ref): RawBuilder<boolean> => sql`
  m.district_id = ${districtId} and m.id = ${messageId} and m.withdrawn_at is null
    and c.district_id = m.district_id and c.id = m.channel_id and c.teacher_id = ${actorId} and ${isLiveChannel(districtId, 'c')}`

const record = (tx: DistrictTransaction, { messageId, actorId }: Ref, action: 'message.hide' | 'message.unhide'): Promise<void> =>
  recordAudit(tx, { actor: { kind: 'user', id: actorId }, action, target: { kind: 'message', id: messageId } })
