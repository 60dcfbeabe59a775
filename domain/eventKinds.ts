/** What may have happened to something that a person sees. A kind says what to read again, never what it says. */
export const eventKinds = [
  'channel.opened',
  'channel.posting',
  'channel.read',
  'channel.ended',
  'message.posted',
  'message.hidden',
  'message.unhidden',
  'message.withdrawn',
  'message.translated',
  'attachment.changed',
  'announcement.posted',
  'announcement.hidden',
  'announcement.unhidden',
  'announcement.withdrawn',
  'announcement.read',
  'announcement.translated',
  'notice.added',
  'notice.seen',
] as const
export type EventKind = (typeof eventKinds)[number]
