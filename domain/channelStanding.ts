/**
 * How somebody stands to a channel. `teacher`: who teaches the student by an enrollment, or is connected with the student as a service provider;
 * what the person is elsewhere in the roster does not matter. `participant`: the student, or the guardian. `none`: no party of it.
 */
export const channelStandings = ['teacher', 'participant', 'none'] as const
export type ChannelStanding = (typeof channelStandings)[number]
