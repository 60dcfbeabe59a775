import { sql } from 'kysely'
import type { RawBuilder } from 'kysely'
import pg from 'pg'
import type { RecipientKind } from '../../domain/announcement.ts'
import type { DistrictTransaction } from '../openDatabase.ts'
import { findRow } from '../rows.ts'
import { eventsOf } from './addEvent.ts'
import { enqueueWorkflow } from './enqueueWorkflow.ts'
import type { OutboxStart } from './enqueueWorkflow.ts'
import { hasAcceptedTerms } from './hasAcceptedTerms.ts'
import { isOnInSection } from './liveRelation.ts'
import { teachesSection } from './liveSection.ts'
import { AttachmentTaken, MessageIdTaken } from './postMessage.ts'
import { stateAllows } from './stateAllows.ts'

/** An announcement to post. `id` is the client's, so that sending it again is sending it once; `body` is sealed for that row; attachments keep their order. */
export type NewAnnouncement = {
  id: string
  sectionId: string
  authorId: string
  recipients: RecipientKind
  body: Buffer
  attachmentIds: readonly string[]
  /** Whether its author was asked about its words, and posts it all the same. */
  wasNudged?: boolean
  /** In which it is written, as the translator names it; without it, English. */
  language?: string
}

/** An announcement that its author posted before. `body` is sealed for its row. */
export type EarlierAnnouncement = Pick<NewAnnouncement, 'sectionId' | 'recipients' | 'body'> & { attachmentIds: string[] }

type StartFor = (ref: { districtId: string; announcementId: string }) => OutboxStart

/** The caller turns an announcement into the starts of the runs that write its receipt and notice whom it is for: workflow ids are the contract's business. */
type StartsForAnnouncement = { receipt: StartFor; noticing: StartFor }

export type AnnounceRefusal =
  /** No such section, or the roster does not have the author teach it now. */
  | { outcome: 'not-teaching' }
  /** The district has newer terms of use than the author has accepted. */
  | { outcome: 'terms-not-accepted' }
  /** The district has an announcement of this id. `earlier` is null unless it is the author's own. */
  | { outcome: 'id-used'; earlier: EarlierAnnouncement | null }
  /** An attachment is not the author's, not of this section, posted already, or in a state that cannot be posted. */
  | { outcome: 'attachments-unusable' }

/** `start`: of the run that notices whom it is for, asked for in the same transaction, for the caller to try right after the commit. The receipt waits for the relay. */
export type AnnounceOutcome = { outcome: 'posted'; start: OutboxStart } | AnnounceRefusal

/**
 * Posts an announcement in one statement (law 1): the live roster is asked, the number counted, the announcement written and its attachments bound in the same
 * snapshot. It names no recipient and costs the same for thirty and for three thousand.
 * @throws AttachmentTaken, MessageIdTaken so that the transaction rolls back; both may be tried again.
 */
export const postAnnouncement = async (
  tx: DistrictTransaction,
  announcement: NewAnnouncement,
  startsFor: StartsForAnnouncement,
): Promise<AnnounceOutcome> => {
  const posted = await findRow(tx.db, toStatement(tx, announcement)).catch((error: unknown) => {
    throw isIdTaken(error) ? new MessageIdTaken('another request posted this id') : error
  })
  if (posted === null) return (await findAnnounceRefusal(tx, announcement)) ?? { outcome: 'attachments-unusable' }
  if (posted.attached !== announcement.attachmentIds.length) throw new AttachmentTaken('an attachment was posted by another request')
  const ref = { districtId: tx.districtId, announcementId: announcement.id }
  await enqueueWorkflow(tx, startsFor.receipt(ref))
  const start = startsFor.noticing(ref)
  await enqueueWorkflow(tx, start)
  return { outcome: 'posted', start }
}

const toStatement = ({ districtId }: DistrictTransaction, announcement: NewAnnouncement): RawBuilder<{ attached: number }> => {
  const { id, sectionId, authorId, recipients, body, wasNudged = false, language = 'en' } = announcement
  const attachmentIds = sql`${[...announcement.attachmentIds]}::uuid[]`
  const isUsable = sql`a.district_id = ${districtId} and a.id = any(${attachmentIds}) and a.section_id = ${sectionId}
    and a.uploader_id = ${authorId} and a.announcement_id is null and ${stateAllows('a', 'post')}`
  return sql`
    with counted as (
      insert into section_boards as board (district_id, section_id, last_seq, last_at)
      select ${districtId}::uuid, ${sectionId}::uuid, 1, clock_timestamp()
      where ${teachesSection(districtId, authorId, sql`${sectionId}::uuid`, announcement.attachmentIds.length > 0 ? 'attachments' : undefined)}
        and ${hasAcceptedTerms(districtId, authorId)}
        and not exists (select 1 from announcements earlier where earlier.district_id = ${districtId} and earlier.id = ${id})
        and (select count(*) from attachments a where ${isUsable}) = cardinality(${attachmentIds})
      on conflict (district_id, section_id) do update set
        last_seq = board.last_seq + 1, last_at = greatest(clock_timestamp(), board.last_at + interval '1 microsecond')
      returning board.district_id, board.section_id, board.last_seq, board.last_at),
    posted as (
      insert into announcements (district_id, section_id, seq, id, author_id, recipients, body, roster_version, day, has_guardians, created_at, was_nudged, language)
      select counted.district_id, counted.section_id, counted.last_seq, ${id}::uuid, ${authorId}::uuid, ${recipients}, ${body}::bytea,
        d.roster_version, (statement_timestamp() at time zone d.time_zone)::date,
        ${isOnInSection(districtId, 'guardians', sql`counted.section_id`)}, counted.last_at, ${wasNudged}::boolean, ${language}::text
      from counted join districts d on d.id = counted.district_id
      returning district_id, section_id, seq, id),
    event as (${eventsOf('announcement.posted', { from: 'posted', sectionId: sql`posted.section_id`, subject: sql`posted.id` })}),
    bound as (
      update attachments a set announcement_id = posted.id, position = array_position(${attachmentIds}, a.id) - 1
      from posted
      where ${isUsable}
      returning a.id)
    select (select count(*)::int from bound) as attached from posted`
}

const isIdTaken = (error: unknown): boolean => error instanceof pg.DatabaseError && error.constraint === 'announcements_pkey'

/** Why it would not be posted, whatever its files: first what is not to be known, then what was done already, then what stands in the way. Null when nothing does. */
export const findAnnounceRefusal = async (tx: DistrictTransaction, announcement: NewAnnouncement): Promise<AnnounceRefusal | null> => {
  const { districtId } = tx
  const found = await findRow(
    tx.db,
    sql<{ isTeaching: boolean; hasAccepted: boolean }>`
      select ${teachesSection(districtId, announcement.authorId, sql`${announcement.sectionId}::uuid`)} as "isTeaching",
        ${hasAcceptedTerms(districtId, announcement.authorId)} as "hasAccepted"`,
  )
  if (found?.isTeaching !== true) return { outcome: 'not-teaching' }
  const earlier = await findRow(
    tx.db,
    sql<EarlierAnnouncement & { isOwn: boolean }>`
      select n.section_id as "sectionId", n.recipients, n.body, n.author_id = ${announcement.authorId} as "isOwn",
        array(select a.id from attachments a where a.district_id = n.district_id and a.announcement_id = n.id order by a.position) as "attachmentIds"
      from announcements n where n.district_id = ${districtId} and n.id = ${announcement.id}`,
  )
  if (earlier !== null) return { outcome: 'id-used', earlier: earlier.isOwn ? earlier : null }
  return found.hasAccepted ? null : { outcome: 'terms-not-accepted' }
}
