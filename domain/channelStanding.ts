/**
 * How somebody stands to a channel. `teacher`: who teaches the student by an enrollment, or is connected with the student as a service provider;
 * what the person is elsewhere in the roster does not matter. `participant`: the student, or the guardian. `reader`: no party of it, who reads along where the
 * district lets them and never writes: a guardian of a young student, or another teacher of the section. `none`: nobody to it.
 */
export const channelStandings = ['teacher', 'participant', 'reader', 'none'] as const
export type ChannelStanding = (typeof channelStandings)[number]
