import type { ColumnCipher } from '../../db/districtKeys.ts'
import type { DistrictTransaction } from '../../db/openDatabase.ts'
import { findAnnouncement, findSectionStanding } from '../../db/queries/findAnnouncement.ts'
import { findPeople, type Person } from '../../db/queries/findPeople.ts'
import { listAnnouncements, type AnnouncementCursor, type SeenAnnouncement } from '../../db/queries/listAnnouncements.ts'
import { listAnnouncementTranslations } from '../../db/queries/listTranslations.ts'
import type { TranslationRecord } from '../../db/queries/translationRow.ts'
import { decideAnnouncement, decideSection, type AnnouncementAction, type SectionAction } from '../../domain/access.ts'
import { toMessageState } from '../../domain/shownMessage.ts'
import { isSameLanguage, toTranslationLanguage } from '../../domain/translation/languages.ts'
import type { Actor } from '../apiEnv.ts'
import { hidden, requireAllowed } from '../requireAllowed.ts'
import type { AnnouncementView } from '../schemas/announcementSchema.ts'
import { toAttachmentView } from './toAttachmentView.ts'
import { toTimeText } from './toTimeText.ts'
import { toTranslationViews } from './toTranslationView.ts'

/** Which announcements: of one section or of all; older than `before` or newer than `after`; neither means the newest. */
export type AnnouncementWindow = {
  limit: number
  sectionId?: string | undefined
  before?: AnnouncementCursor | undefined
  after?: AnnouncementCursor | undefined
}

const toText = (cipher: ColumnCipher, { id, body, withdrawnAt }: SeenAnnouncement): string | null =>
  withdrawnAt === null ? cipher.openText({ table: 'announcements', rowId: id, column: 'body' }, body) : null

/** Who reads, the people whom it names, and what there is of it in the language that the reader prefers. */
type Reading = { viewerId: string; people: ReadonlyMap<string, Person>; translations: readonly TranslationRecord[] }

const toView = (cipher: ColumnCipher, { viewerId, people, translations }: Reading, seen: SeenAnnouncement): AnnouncementView => {
  const personOf = (id: string): Person => {
    const person = people.get(id)
    // Foreign keys promise it.
    if (person === undefined) throw new Error('an announcement names a person who is not there')
    return person
  }
  return {
    id: seen.id,
    section: { id: seen.sectionId, title: seen.sectionTitle },
    author: personOf(seen.authorId),
    recipients: seen.recipients,
    language: seen.language,
    text: toText(cipher, seen),
    translation: toTranslationViews(cipher, translations, seen.id)[0] ?? null,
    standing: seen.standing,
    isForSelf: seen.isForSelf,
    children: seen.childIds.map(personOf),
    state: toMessageState(seen),
    hiddenAt: toTimeText(seen.hiddenAt),
    withdrawnAt: toTimeText(seen.withdrawnAt),
    withdrawnAfterReaders: seen.withdrawnAfterReaders,
    createdAt: seen.createdAt.toISOString(),
    isRead: seen.isRead,
    attachments: seen.attachments.map((attachment) => toAttachmentView(cipher, attachment, viewerId)),
  }
}

const toViews = async (
  tx: DistrictTransaction,
  cipher: ColumnCipher,
  actor: Actor,
  found: readonly SeenAnnouncement[],
): Promise<AnnouncementView[]> => {
  const people = await findPeople(
    tx,
    found.flatMap(({ authorId, childIds }) => [authorId, ...childIds]),
  )
  const reading = { viewerId: actor.userId, people, translations: await findTranslations(tx, actor, found) }
  return found.map((seen) => toView(cipher, reading, seen))
}

/** Of what others said in another language than the one that the actor prefers; nothing is asked where nothing is. */
const findTranslations = async (
  tx: DistrictTransaction,
  { userId, preferredLanguage }: Actor,
  found: readonly SeenAnnouncement[],
): Promise<TranslationRecord[]> => {
  const language = toTranslationLanguage(preferredLanguage)
  if (language === null) return []
  const foreign = found.filter((one) => one.withdrawnAt === null && one.authorId !== userId && !isSameLanguage(one.language, language))
  return listAnnouncementTranslations(tx, { announcementIds: foreign.map(({ id }) => id), language })
}

/** A page, newest first, and where it begins and ends; `isMore` says whether there is more in the direction that was read. */
export type LoadedAnnouncements = {
  items: AnnouncementView[]
  newest: AnnouncementCursor | null
  oldest: AnnouncementCursor | null
  isMore: boolean
}

/** What the actor may see now, decided and read in one snapshot. Call under `readDistrict`. */
export const loadAnnouncements = async (
  tx: DistrictTransaction,
  cipher: ColumnCipher,
  actor: Actor,
  { limit, ...window }: AnnouncementWindow,
): Promise<LoadedAnnouncements> => {
  const found = await listAnnouncements(tx, { actorId: actor.userId, ...window, limit: limit + 1 })
  const shown = window.after === undefined ? found.slice(0, limit) : found.slice(0, limit).toReversed()
  return {
    items: await toViews(tx, cipher, actor, shown),
    newest: shown[0]?.cursor ?? null,
    oldest: shown.at(-1)?.cursor ?? null,
    isMore: found.length > limit,
  }
}

/** As `loadAnnouncements`, for one by its id. @throws {Refusal} the uniform 404. */
export const loadAnnouncement = async (
  tx: DistrictTransaction,
  cipher: ColumnCipher,
  actor: Actor,
  announcementId: string,
): Promise<AnnouncementView> => {
  const found = await listAnnouncements(tx, { actorId: actor.userId, id: announcementId, limit: 1 })
  const [view] = await toViews(tx, cipher, actor, found)
  if (view === undefined) throw hidden()
  return view
}

/**
 * Requires that the actor may do `action` with the announcement by the roster of this snapshot.
 * @throws {Refusal} the uniform 404, or 403 for what the actor may read but not do.
 */
export const requireAnnouncement = async (
  tx: DistrictTransaction,
  actor: Actor,
  announcementId: string,
  action: AnnouncementAction,
): Promise<void> => {
  const facts = await findAnnouncement(tx, { announcementId, actorId: actor.userId })
  if (facts === null) throw hidden()
  requireAllowed(decideAnnouncement(facts, action))
}

/** Likewise of a whole section. */
export const requireSection = async (tx: DistrictTransaction, actor: Actor, sectionId: string, action: SectionAction): Promise<void> =>
  requireAllowed(decideSection({ standing: await findSectionStanding(tx, { sectionId, actorId: actor.userId }) }, action))
