/**
 * What people are told by mail when a change of the roster closed conversations of theirs: the same to everybody, whoever and however many it was. It names
 * nobody, no school and no child: mail is not private, and who moved or left is not for mail to say.
 */
export const partedNotice = {
  subject: 'A conversation was closed',
  text: 'The roster of your school district has changed, and one or more of your conversations were closed with it. You can no longer read or write in them. If this looks wrong, please ask your school: conversations open again by themselves when the roster is corrected.',
} as const
