import type { ChannelStanding } from './channelStanding.ts'
import { messageReaders } from './shownMessage.ts'
import type { MessageState } from './shownMessage.ts'

/**
 * Who may do what. Pure functions of facts that the same statement has read (law 1): no clock, no I/O.
 * The committed table `test/access/rules.txt` is generated from these rules and compared in a test,
 * so a change of a rule is a change that a reviewer reads.
 */

/** `hide` answers the same 404 as something that does not exist (law 3); `forbid` is a 403 for what the actor may know of. */
export type Decision = 'allow' | 'forbid' | 'hide'

/**
 * What a person is. Of several it is the first of this list. `staff` is everybody whom a role alone connects with nobody: proctors, counselors, every
 * kind of administrator, and people of whom the roster does not say what they are. It is a name: nothing is granted by it, but by roles that hold today.
 */
export const userRoles = ['teacher', 'aide', 'staff', 'guardian', 'student'] as const
export type UserRole = (typeof userRoles)[number]

/**
 * The roles of those who work for the district. Whoever has none of them today, and may be a parent there still, neither stands anywhere as a service provider
 * nor has any permission, whatever the district once gave them.
 */
export const staffRoles: readonly UserRole[] = ['teacher', 'aide', 'staff']

/**
 * What connects the actor with the target **today** (begins ≤ today < ends in the district's time zone):
 * - `rostered`: the live roster connects them (teacher of the student, or of the guardian's student; or the reverse)
 * - `ended`: it once did and no longer does
 * - `stranger`: it never did, or the target is of another district, or the guardian has no confirmed custody
 */
export const relations = ['rostered', 'ended', 'stranger'] as const
export type Relation = (typeof relations)[number]

export const channelActions = [
  'channel.open',
  'channel.read',
  'channel.set-posting',
  'channel.audits',
  'message.list',
  'message.post',
  'message.mark-read',
  'attachment.list',
] as const
export type ChannelAction = (typeof channelActions)[number]

/** What may be done in, or to, a channel with the person whom `relation` describes. */
export const decideChannel = (facts: { standing: ChannelStanding; relation: Relation }, action: ChannelAction): Decision => {
  if (facts.relation !== 'rostered' || facts.standing === 'none') return 'hide'
  if (facts.standing === 'teacher') return 'allow'
  // Whether it was audited is nobody else's to know of.
  if (action === 'channel.open' || action === 'channel.audits') return 'hide'
  // Reading along leaves a mark of one's own, and nothing else.
  if (facts.standing === 'reader' && action === 'message.post') return 'forbid'
  return action === 'channel.set-posting' ? 'forbid' : 'allow'
}

export const messageActions = ['message.hide', 'message.unhide', 'message.withdraw', 'message.report'] as const
export type MessageAction = (typeof messageActions)[number]

/**
 * What may be done to one message. The teacher hides, and shows again, whatever stands in the channel; only its author withdraws it. Whoever does
 * not read it any more does not know of it: but its author may withdraw it twice, which is withdrawing it once. Everybody else who reads it may report it.
 */
export const decideMessage = (
  facts: { standing: ChannelStanding; relation: Relation; isAuthor: boolean; state: MessageState },
  action: MessageAction,
): Decision => {
  const readers: readonly ChannelStanding[] = messageReaders[facts.state]
  const isRepeated = facts.isAuthor && facts.state === 'withdrawn'
  if (facts.relation !== 'rostered' || facts.standing === 'none') return 'hide'
  if (!readers.includes(facts.standing) && !isRepeated) return 'hide'
  if (action === 'message.report') return facts.isAuthor ? 'forbid' : 'allow'
  if (action === 'message.withdraw') return facts.isAuthor ? 'allow' : 'forbid'
  return facts.standing === 'teacher' ? 'allow' : 'forbid'
}

export const sectionActions = ['section.announce', 'announcement.list'] as const
export type SectionAction = (typeof sectionActions)[number]

/** What may be done to a whole section: its teachers by enrollment say something to it, and everybody whom the roster puts there may ask what was said. */
export const decideSection = ({ standing }: { standing: ChannelStanding }, action: SectionAction): Decision => {
  if (standing === 'none') return 'hide'
  return standing === 'teacher' || action === 'announcement.list' ? 'allow' : 'forbid'
}

export const announcementActions = [
  'announcement.read',
  'announcement.mark-read',
  'announcement.reply',
  'announcement.delivery',
  'announcement.hide',
  'announcement.unhide',
  'announcement.withdraw',
  'announcement.report',
] as const
export type AnnouncementAction = (typeof announcementActions)[number]

/**
 * What may be done to one announcement. Its section's teachers, the author among them, hide it, show it again, and see whom it reached; its author withdraws it;
 * who receives it answers; everybody who reads it but its author may report it. Who reads it in each state is as for messages.
 */
export const decideAnnouncement = (
  facts: { standing: ChannelStanding; isAuthor: boolean; state: MessageState },
  action: AnnouncementAction,
): Decision => {
  const readers: readonly ChannelStanding[] = messageReaders[facts.state]
  const isOwnWithdrawn = facts.isAuthor && facts.state === 'withdrawn'
  if (facts.standing === 'none' || !(readers.includes(facts.standing) || isOwnWithdrawn)) return 'hide'
  if (action === 'announcement.read') return 'allow'
  if (action === 'announcement.mark-read') return isOwnWithdrawn ? 'hide' : 'allow'
  if (action === 'announcement.report') return facts.isAuthor ? 'forbid' : 'allow'
  if (action === 'announcement.reply') return facts.standing === 'participant' ? 'allow' : 'forbid'
  if (action === 'announcement.withdraw') return facts.isAuthor ? 'allow' : 'forbid'
  return facts.standing === 'teacher' ? 'allow' : 'forbid'
}

/** How the actor stands to one attachment. `audience`: who may see the message, or the announcement, that it is posted with. */
export const attachmentStandings = ['uploader', 'audience', 'none'] as const
export type AttachmentStanding = (typeof attachmentStandings)[number]

export const attachmentAccessActions = [
  'attachment.read',
  'attachment.complete',
  'attachment.download',
  'attachment.delete',
  'attachment.report',
] as const
export type AttachmentAccessAction = (typeof attachmentAccessActions)[number]

/** What may be done to one attachment. The uploader, too, loses it when the roster no longer connects the pair. */
export const decideAttachment = (facts: { relation: Relation; standing: AttachmentStanding }, action: AttachmentAccessAction): Decision => {
  if (facts.relation !== 'rostered' || facts.standing === 'none') return 'hide'
  if (action === 'attachment.report') return facts.standing === 'uploader' ? 'forbid' : 'allow'
  if (facts.standing === 'uploader') return 'allow'
  return action === 'attachment.read' || action === 'attachment.download' ? 'allow' : 'forbid'
}
