import { sql } from 'kysely'
import type { TranslationCancellation } from '../../domain/translation/translationState.ts'
import type { Formality } from '../../domain/translation/translationState.ts'
import type { DistrictTransaction } from '../openDatabase.ts'
import { findRow, findRows } from '../rows.ts'
import { whyNotTranslated, whyNotTranslatedToSection } from './isTranslatable.ts'
import { isCurrent, withToday } from './liveRelation.ts'

/** One attempt at a translation. */
export type TranslationAttempt = { translationId: string; attempt: number }

/** `body` is sealed for the row `textId` of the table `messages` or `announcements`; null where nothing of it may go to the provider at this moment, and `whyNot` says why. */
export type TranslationWork = {
  kind: 'message' | 'announcement'
  textId: string
  body: Buffer | null
  whyNot: TranslationCancellation | null
  language: string
  sourceLanguage: string
  formality: Formality | null
  isProfanityMasked: boolean
}

/** What a run has to do, decided at this moment (law 1). Null when the row is not pending in this attempt any more. */
export const findTranslationWork = (
  { db, districtId }: DistrictTransaction,
  { translationId, attempt }: TranslationAttempt,
): Promise<TranslationWork | null> =>
  findRow(
    db,
    sql<TranslationWork>`
      select found.kind, found."textId", case when found."whyNot" is null then found.body end as body, found."whyNot", t.language,
        t.source_language as "sourceLanguage", d.translation_formality as formality, d.is_profanity_masked as "isProfanityMasked"
      from translations t
      join districts d on d.id = t.district_id
      cross join lateral (
        select 'message' as kind, m.id as "textId", m.body, ${whyNotTranslated(districtId, 'm', 'c')} as "whyNot"
        from messages m join channels c on c.district_id = m.district_id and c.id = m.channel_id
        where m.district_id = ${districtId} and m.id = t.message_id
        union all
        select 'announcement', n.id, n.body, ${whyNotTranslatedToSection(districtId, 'n')}
        from announcements n where n.district_id = ${districtId} and n.id = t.announcement_id
        offset 0) found
      where t.district_id = ${districtId} and t.id = ${translationId} and t.attempt = ${attempt} and t.state = 'pending'`,
  )

/** A name that must come through a translation as it is. */
export type KeptName = { kind: 'name' | 'section'; text: string }

/** A section may be a whole school: the names of so many are kept. */
const namesMax = 500

/**
 * The names that a text is likely to hold: of a conversation's people and of the sections that connect them; of an announcement's author, its section, and those enrolled there.
 * They decide nothing.
 */
export const findTranslationNames = async (
  { db, districtId }: DistrictTransaction,
  { kind, textId }: Pick<TranslationWork, 'kind' | 'textId'>,
): Promise<KeptName[]> => {
  const people = kind === 'message' ? peopleOfMessage(districtId, textId) : peopleOfAnnouncement(districtId, textId)
  const sections = kind === 'message' ? sectionsOfMessage(districtId, textId) : sectionOfAnnouncement(districtId, textId)
  const named = await findRows(
    db,
    sql<{ given: string; family: string }>`
      select u.given_name as given, u.family_name as family from users u
      where u.district_id = ${districtId} and u.id in (select user_id from (${people}) person limit ${namesMax})`,
  )
  const titled = await findRows(
    db,
    sql<{ title: string }>`
      select s.title from sections s where s.district_id = ${districtId} and s.id in (select section_id from (${sections}) place limit ${namesMax})`,
  )
  const names = named.flatMap(({ given, family }) => [`${given} ${family}`, given, family])
  return [
    ...toKept('name', names),
    ...toKept(
      'section',
      titled.map(({ title }) => title),
    ),
  ]
}

const toKept = (kind: KeptName['kind'], texts: readonly string[]): KeptName[] =>
  [...new Set(texts.map((text) => text.trim()))].filter((text) => text !== '').map((text) => ({ kind, text }))

const channelOf = (districtId: string, messageId: string) => sql`
  (select c.* from messages m join channels c on c.district_id = m.district_id and c.id = m.channel_id
    where m.district_id = ${districtId} and m.id = ${messageId})`

const peopleOfMessage = (districtId: string, messageId: string) => sql`
  select unnest(array[c.teacher_id, c.participant_id, c.student_id]) as user_id from ${channelOf(districtId, messageId)} c`

const sectionsOfMessage = (districtId: string, messageId: string) => sql`
  ${withToday(districtId)}
  select learning.section_id from ${channelOf(districtId, messageId)} c
  join enrollments learning on learning.district_id = ${districtId} and learning.user_id = c.student_id and learning.role = 'student' and ${isCurrent('learning')}
  join enrollments teaching on teaching.district_id = ${districtId} and teaching.section_id = learning.section_id and teaching.user_id = c.teacher_id
    and ${isCurrent('teaching')}`

const sectionOfAnnouncement = (districtId: string, announcementId: string) => sql`
  select n.section_id from announcements n where n.district_id = ${districtId} and n.id = ${announcementId}`

const peopleOfAnnouncement = (districtId: string, announcementId: string) => sql`
  select n.author_id as user_id from announcements n where n.district_id = ${districtId} and n.id = ${announcementId}
  union
  select enrolled.user_id from announcements n
  join enrollments enrolled on enrolled.district_id = n.district_id and enrolled.section_id = n.section_id and enrolled.until_version is null
  where n.district_id = ${districtId} and n.id = ${announcementId}`
