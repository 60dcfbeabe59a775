/** What people are told by mail when the conversations of a school year are closed: the same to everybody. It names nobody, no school and no child. */
export const yearEndNotice = {
  subject: 'Your conversations of the last school year are closed',
  text: 'The school year of your district has ended, and your conversations of it are closed. You can no longer read or write in them. In the next school year new ones can be started with the people whom the roster connects you with then.',
} as const
