import { decideMessage, decideAnnouncement, type MessageAction, type Decision } from '../../domain/access.ts'
import type { ChannelStanding } from '../../domain/channelStanding.ts'
import { isSwitchedOn } from '../../domain/features.ts'
import { decideReach, toChannels } from '../../domain/roster/decideReach.ts'
import { decideScope, listTeachers } from '../../domain/roster/decideScope.ts'
import { findPersonFaults, findProviderFaults } from '../../domain/roster/findFaults.ts'
import type { ReachFacts } from '../../domain/roster/reachFacts.ts'
import { messageReaders } from '../../domain/shownMessage.ts'
import type { SeededAnnouncement, SeededChannelOf, SeededEvent, SeededGrant, SeededMessage } from './contentWorld.ts'
import { readsAlong } from './readAlongRule.ts'

/** Why somebody is not shown something. */
export const contentReasons = [
  'no-party',
  'relation-ended',
  'another-year',
  'hidden-from-them',
  'taken-back',
  'own-taken-back',
  'not-in-section',
  'author-left',
  'not-for-them',
  'own-alone',
  'no-permission',
  'permission-not-now',
  'no-work-today',
  'translations-off',
  'translations-refused',
] as const
export type ContentReason = (typeof contentReasons)[number]

/** `shown`; `noted`: that they took it back themselves; or why it is not. */
export type Sight = 'shown' | 'noted' | ContentReason

const nobody: ReadonlySet<string> = new Set()

/** That a translation ended hears who could read it; whoever waits for one that a guardian refuses meanwhile asks again, and is told why. */
const hearOfTranslation = (sight: Sight): Sight => (sight === 'noted' ? 'own-taken-back' : sight)

/** Everything that the pure rules say of one person in one world. Whoever cannot sign in is shown nothing at all, and is not asked about here. */
export const createContentRule = (facts: ReachFacts) => {
  const standings = new Map<string, { standing: ChannelStanding; why: ContentReason | null }>()

  const judgeStanding = (channel: SeededChannelOf, personId: string): { standing: ChannelStanding; why: ContentReason | null } => {
    const { teacherId, participantId, studentId, schoolYear } = channel
    if (personId !== teacherId && personId !== participantId)
      return readsAlong(facts, channel, personId) ? { standing: 'reader', why: null } : { standing: 'none', why: 'no-party' }
    const open = toChannels(decideReach(facts, { actorId: teacherId, targetId: participantId, studentId }).ways).filter(
      (one) => one.teacherId === teacherId && one.participantId === participantId,
    )
    const standing = personId === teacherId ? 'teacher' : 'participant'
    if (open.some((one) => one.schoolYear === schoolYear)) return { standing, why: null }
    return { standing, why: open.length > 0 ? 'another-year' : 'relation-ended' }
  }
  const standingIn = (channel: SeededChannelOf, personId: string) => {
    const key = `${channel.id} ${personId}`
    const known = standings.get(key) ?? judgeStanding(channel, personId)
    standings.set(key, known)
    return known
  }

  const seeMessage = ({ channel, state, authorId }: SeededMessage, personId: string): Sight => {
    const { standing, why } = standingIn(channel, personId)
    if (why !== null) return why
    if ((messageReaders[state] as readonly ChannelStanding[]).includes(standing)) return 'shown'
    if (state === 'hidden') return 'hidden-from-them'
    return authorId === personId ? 'noted' : 'taken-back'
  }

  const places = new Map<string, ChannelStanding | 'author-left' | 'not-for-them'>()
  const standingTo = (announcement: SeededAnnouncement, personId: string): ChannelStanding | 'author-left' | 'not-for-them' => {
    const key = `${announcement.id} ${personId}`
    const known = places.get(key) ?? judgePlace(announcement, personId)
    places.set(key, known)
    return known
  }
  const judgePlace = (announcement: SeededAnnouncement, personId: string) => {
    const teachers = listTeachers(facts, announcement.sectionId)
    if (!teachers.includes(announcement.authorId)) return 'author-left'
    if (teachers.includes(personId)) return 'teacher'
    const receives = (one: SeededAnnouncement) => decideScope(facts, one).some(({ userId }) => userId === personId)
    if (receives(announcement)) return 'participant'
    return receives({ ...announcement, recipients: 'both' }) ? 'not-for-them' : 'none'
  }

  const seeAnnouncement = (announcement: SeededAnnouncement, personId: string): Sight => {
    const standing = standingTo(announcement, personId)
    if (standing === 'author-left' || standing === 'not-for-them') return standing
    if (standing === 'none') return 'not-in-section'
    const { state, authorId } = announcement
    if ((messageReaders[state] as readonly ChannelStanding[]).includes(standing)) return 'shown'
    if (state === 'hidden') return 'hidden-from-them'
    return authorId === personId ? 'noted' : 'taken-back'
  }

  /** Whether what connects the people of a channel in its year, and lets this one read, stands in a school that has translations. */
  const hasTranslations = ({ teacherId, participantId, studentId, schoolYear }: SeededChannelOf, personId: string): boolean => {
    const channel = { teacherId, participantId, studentId, schoolYear }
    if (personId !== teacherId && personId !== participantId) return readsAlong(facts, channel, personId, 'translations')
    return decideReach(facts, { actorId: teacherId, targetId: participantId, studentId }).ways.some(
      (way) =>
        way.faults.length === 0 &&
        way.teacherId === teacherId &&
        way.participantId === participantId &&
        way.schoolYear === schoolYear &&
        isSwitchedOn(facts.switches, 'translations', way.schoolIds),
    )
  }
  /** Of what is read at this moment there is a translation where a school has them and nobody refuses them; of anything else there is none. */
  const seeTranslation = (message: SeededMessage, personId: string, refused: ReadonlySet<string>): Sight => {
    const sight = seeMessage(message, personId)
    if (sight !== 'shown') return sight
    if (!hasTranslations(message.channel, personId)) return 'translations-off'
    return refused.has(message.channel.studentId) ? 'translations-refused' : 'shown'
  }
  const seeAnnouncementTranslation = (announcement: SeededAnnouncement, personId: string): Sight => {
    const sight = seeAnnouncement(announcement, personId)
    const school = facts.sections.find(({ id }) => id === announcement.sectionId)?.schoolId
    if (sight !== 'shown' || (school !== undefined && isSwitchedOn(facts.switches, 'translations', [school]))) return sight
    return 'translations-off'
  }

  /** Of a message, by an act that changes nothing when it is refused. */
  const decideAct = (message: SeededMessage, personId: string, action: MessageAction): Decision => {
    const { standing, why } = standingIn(message.channel, personId)
    const isAuthor = message.authorId === personId
    return decideMessage({ standing, relation: why === null ? 'rostered' : 'ended', isAuthor, state: message.state }, action)
  }
  const decideAnnounced = (announcement: SeededAnnouncement, personId: string): Decision => {
    const standing = standingTo(announcement, personId)
    const place = standing === 'author-left' || standing === 'not-for-them' ? 'none' : standing
    return decideAnnouncement(
      { standing: place, isAuthor: announcement.authorId === personId, state: announcement.state },
      'announcement.read',
    )
  }

  const hear = (event: SeededEvent, personId: string): Sight => {
    if (event.in === 'person') return event.userId === personId ? 'shown' : 'own-alone'
    if (event.in === 'section') {
      if (event.kind === 'announcement.translated') return hearOfTranslation(seeAnnouncementTranslation(event.announcement, personId))
      const sight = seeAnnouncement(event.announcement, personId)
      if (event.kind === 'announcement.posted') return sight === 'noted' ? 'own-taken-back' : sight
      // That it is gone whoever saw it hears.
      return sight === 'noted' || sight === 'hidden-from-them' || sight === 'taken-back' ? 'shown' : sight
    }
    const { standing, why } = standingIn(event.channel, personId)
    if (standing === 'none' || (standing === 'reader' && event.kind === 'channel.ended')) return 'no-party'
    if (event.kind === 'channel.ended') return 'shown'
    if (why !== null) return why
    if (event.kind === 'channel.read') return event.subjectId === personId || standing === 'teacher' ? 'shown' : 'own-alone'
    if (event.kind === 'message.translated' && event.message !== null)
      return hearOfTranslation(seeTranslation(event.message, personId, nobody))
    if (event.kind !== 'message.posted' || event.message === null) return 'shown'
    const sight = seeMessage(event.message, personId)
    return sight === 'noted' ? 'own-taken-back' : sight
  }

  /** A notice is shown as long as its message is, to one of the two. */
  const seeNotice = (message: SeededMessage, personId: string): Sight => {
    const { standing } = standingIn(message.channel, personId)
    if (standing === 'reader') return 'no-party'
    const sight = seeMessage(message, personId)
    return sight === 'noted' ? 'own-taken-back' : sight
  }

  const mayAudit = (grants: readonly SeededGrant[], personId: string): Sight => {
    const person = facts.people.find(({ id }) => id === personId)
    const grant = grants.find(({ userId }) => userId === personId)
    if (person === undefined || grant === undefined) return 'no-permission'
    if (grant.holds !== 'now') return 'permission-not-now'
    return findPersonFaults(person).length > 0 || findProviderFaults(person, facts.day).length > 0 ? 'no-work-today' : 'shown'
  }

  return {
    standingIn,
    seeMessage,
    seeTranslation,
    seeAnnouncement,
    seeAnnouncementTranslation,
    decideAct,
    decideAnnounced,
    hear,
    seeNotice,
    mayAudit,
  }
}

export type ContentRule = ReturnType<typeof createContentRule>
