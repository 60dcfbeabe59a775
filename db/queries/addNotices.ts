import { sql } from 'kysely'
import type { RawBuilder } from 'kysely'
import type { NoticeKind } from '../../domain/notices/noticeKinds.ts'
import type { DistrictTransaction } from '../openDatabase.ts'
import { findRows } from '../rows.ts'
import { enqueueWorkflow, type OutboxStart } from './enqueueWorkflow.ts'

/** A batch of one person’s notifications, and which run sees to it; without it, the first. */
export type BatchRef = { districtId: string; userId: string; batch: number; attempt?: number }

/** A batch that nothing has happened to for so long has lost its run: the next notice opens another. */
const isUnderWay = sql`(notice_batches.is_open and greatest(notice_batches.opened_at, notice_batches.told_at) > statement_timestamp() - interval '2 days')`

/** How a batch asks for its run; workflow ids are the contract’s business. */
export type NotifyingFor = (ref: BatchRef) => OutboxStart

/**
 * Parts of a statement, to stand behind `with`: a notice of each row of `about` (`user_id, channel_id, section_id, subject_id`), once for each person and thing, whoever adds it
 * again. They come into the person’s open batch; whoever has none gets one, and is in `opened_batches` (`user_id, batch`): its run is to be asked for. Rows are taken in
 * the order of people, so that two that notice the same ones wait for each other and never in a circle.
 */
export const noticesOf = (districtId: string, kind: NoticeKind, about: RawBuilder<unknown>): RawBuilder<unknown> => sql`
  noticed_people as materialized (select * from (${about}) about order by user_id),
  batched as (
    insert into notice_batches (district_id, user_id, batch, is_open, noticed, opened_at, told, told_at)
    select ${districtId}::uuid, user_id, 1, true, 1, statement_timestamp(), 0, null from noticed_people
    on conflict (district_id, user_id) do update set
      batch = notice_batches.batch + case when ${isUnderWay} then 0 else 1 end,
      noticed = case when ${isUnderWay} then notice_batches.noticed + 1 else 1 end,
      opened_at = case when ${isUnderWay} then notice_batches.opened_at else excluded.opened_at end,
      told = case when ${isUnderWay} then notice_batches.told else 0 end,
      attempt = case when ${isUnderWay} then notice_batches.attempt else 1 end,
      is_open = true
    returning user_id, batch, noticed),
  added_notices as (
    insert into notices (district_id, id, user_id, kind, channel_id, section_id, subject_id, batch, told_in, created_at, seen_at)
    select ${districtId}::uuid, uuidv7(), people.user_id, ${kind}, people.channel_id, people.section_id, people.subject_id, batched.batch, null,
      statement_timestamp(), null
    from noticed_people people join batched on batched.user_id = people.user_id
    on conflict (district_id, user_id, kind, subject_id) do nothing
    returning district_id, id, user_id),
  opened_batches as (select user_id, batch from batched where noticed = 1)`

/** Asks for the runs of batches that were opened, in the transaction that opened them. */
export const enqueueNotifying = async (
  tx: Pick<DistrictTransaction, 'db' | 'districtId'>,
  opened: readonly { userId: string; batch: number }[],
  startFor: NotifyingFor,
): Promise<void> => {
  for (const { userId, batch } of opened) await enqueueWorkflow(tx, startFor({ districtId: tx.districtId, userId, batch }))
}

/**
 * Notices people of something new, each of them once however often this is done, and asks for the runs that notify them. Whether somebody is told is decided when they
 * are. For as many people as one statement takes: a few hundred at a time.
 */
export const addNotices = async (
  tx: DistrictTransaction,
  {
    kind,
    subjectId,
    userIds,
    ...place
  }: { kind: NoticeKind; subjectId: string; userIds: readonly string[] } & ({ channelId: string } | { sectionId: string }),
  startFor: NotifyingFor,
): Promise<void> => {
  const [channelId, sectionId] = 'channelId' in place ? [place.channelId, null] : [null, place.sectionId]
  const about = sql`
    select distinct user_id, ${channelId}::uuid as channel_id, ${sectionId}::uuid as section_id, ${subjectId}::uuid as subject_id
    from unnest(${[...userIds]}::uuid[]) user_id`
  const opened = await findRows(
    tx.db,
    sql<{ userId: string; batch: number }>`
      with ${noticesOf(tx.districtId, kind, about)} select user_id as "userId", batch from opened_batches`,
  )
  await enqueueNotifying(tx, opened, startFor)
}
