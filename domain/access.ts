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

export const channelActions = ['channel.open', 'channel.read', 'message.list', 'attachment.list'] as const
export type ChannelAction = (typeof channelActions)[number]

/**
 * How somebody stands to a channel. `teacher`: who teaches the student by an enrollment, or is connected with the student as a service provider;
 * what the person is elsewhere in the roster does not matter. `participant`: the student, or the guardian. `none`: no party of it.
 */
export const channelStandings = ['teacher', 'participant', 'none'] as const
export type ChannelStanding = (typeof channelStandings)[number]

/** What may be done in, or to, a channel with the person whom `relation` describes. */
export const decideChannel = (facts: { standing: ChannelStanding; relation: Relation }, action: ChannelAction): Decision => {
  if (facts.relation !== 'rostered' || facts.standing === 'none') return 'hide'
  return action === 'channel.open' && facts.standing !== 'teacher' ? 'hide' : 'allow'
}

/** How the actor stands to one attachment. `audience`: a party of the channel that may see the message it is posted with. */
export const attachmentStandings = ['uploader', 'audience', 'none'] as const
export type AttachmentStanding = (typeof attachmentStandings)[number]

export const attachmentAccessActions = ['attachment.read', 'attachment.complete', 'attachment.download', 'attachment.delete'] as const
export type AttachmentAccessAction = (typeof attachmentAccessActions)[number]

/** What may be done to one attachment. The uploader, too, loses it when the roster no longer connects the pair. */
export const decideAttachment = (facts: { relation: Relation; standing: AttachmentStanding }, action: AttachmentAccessAction): Decision => {
  if (facts.relation !== 'rostered' || facts.standing === 'none') return 'hide'
  if (facts.standing === 'uploader') return 'allow'
  return action === 'attachment.read' || action === 'attachment.download' ? 'allow' : 'forbid'
}
