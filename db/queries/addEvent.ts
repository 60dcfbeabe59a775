import { sql } from 'kysely'
import type { RawBuilder } from 'kysely'
import type { EventKind } from '../../domain/eventKinds.ts'
import type { DistrictTransaction } from '../openDatabase.ts'

/** Where it happened: exactly one of these. */
type Place<Value> = { channelId: Value } | { sectionId: Value } | { userId: Value }

const placeColumns = { channelId: 'channel_id', sectionId: 'section_id', userId: 'user_id' } as const

const toPlace = <Value>(place: Place<Value>): { column: string; value: Value } => {
  if ('channelId' in place) return { column: placeColumns.channelId, value: place.channelId }
  if ('sectionId' in place) return { column: placeColumns.sectionId, value: place.sectionId }
  return { column: placeColumns.userId, value: place.userId }
}

type Expression = RawBuilder<unknown>

/**
 * An insert of one event for each row of `from`, for the statement that does the act: open clients then hear of it, if they may see it when they do.
 * `from` names a table expression of that statement and has a column `district_id`; the other two are expressions over it.
 */
export const eventsOf = (
  kind: EventKind,
  { from, subject, ...place }: { from: string; subject: Expression | null } & Place<Expression>,
): RawBuilder<unknown> => {
  const { column, value } = toPlace<Expression>(place)
  return sql`
    insert into events (district_id, id, xact, kind, ${sql.ref(column)}, subject_id, created_at)
    select ${sql.ref(from)}.district_id, uuidv7(), pg_current_xact_id()::text::bigint, ${kind}, ${value}, ${subject ?? sql`null::uuid`},
      statement_timestamp()
    from ${sql.table(from)}`
}

/** The same of an attachment that changed, in its channel or its section: `from` has its `district_id`, `channel_id`, `section_id` and `id`. */
export const attachmentEventsOf = (from: string): RawBuilder<unknown> => {
  const changed = sql.ref(from)
  return sql`
    insert into events (district_id, id, xact, kind, channel_id, section_id, subject_id, created_at)
    select ${changed}.district_id, uuidv7(), pg_current_xact_id()::text::bigint, 'attachment.changed', ${changed}.channel_id, ${changed}.section_id,
      ${changed}.id, statement_timestamp()
    from ${sql.table(from)}`
}

/** Writes one event in the transaction of the act: open clients then hear of it, if they may see it when they do. */
export const addEvent = async (
  { db, districtId }: Pick<DistrictTransaction, 'db' | 'districtId'>,
  { kind, subjectId = null, ...place }: { kind: EventKind; subjectId?: string | null } & Place<string>,
): Promise<void> => {
  const { column, value } = toPlace<string>(place)
  await sql`
    insert into events (district_id, id, xact, kind, ${sql.ref(column)}, subject_id, created_at)
    values (${districtId}::uuid, uuidv7(), pg_current_xact_id()::text::bigint, ${kind}, ${value}::uuid, ${subjectId}::uuid, statement_timestamp())`.execute(
    db,
  )
}
