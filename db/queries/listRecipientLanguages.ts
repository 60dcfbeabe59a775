import { sql } from 'kysely'
import type { DistrictTransaction } from '../openDatabase.ts'
import { findRows } from '../rows.ts'
import { liveRecipients } from './liveSection.ts'
import { preferredLanguage } from './preferredLanguage.ts'

/** A language (a tag of BCP 47) in which somebody wants to be written to. */
export type LanguageWanted = { language: string; userId: string }

/**
 * In which languages those who receive the announcement at this moment (law 1) want to be written to: each once, with one of them who does. Of nobody while it is hidden, once it is
 * withdrawn, or where announcements are switched off.
 */
export const listRecipientLanguages = ({ db, districtId }: DistrictTransaction, announcementId: string): Promise<LanguageWanted[]> =>
  findRows(
    db,
    sql<LanguageWanted>`
      select distinct on (1) ${preferredLanguage('u')} as language, u.id as "userId"
      from announcements n
      cross join lateral ${liveRecipients(districtId, 'n')} recipient
      join users u on u.district_id = ${districtId} and u.id = recipient.user_id
      where n.district_id = ${districtId} and n.id = ${announcementId} and n.withdrawn_at is null and n.hidden_at is null
      order by 1, 2`,
  )
