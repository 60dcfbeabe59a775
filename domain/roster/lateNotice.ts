/**
 * What district administrators are told by mail when no sync has succeeded for as long as their district allows. It names no person and no school: mail is
 * not private.
 *
 * @param lateHours whole hours since the last sync that succeeded.
 */
export const toLateNotice = (lateHours: number): { subject: string; text: string } => ({
  subject: 'Your roster has not been updated',
  text: [
    `The last roster import of your district that succeeded was ${lateHours} hours ago, which is longer than your district expects.`,
    'Whoever left a class since then can still reach its people, and whoever joined cannot. Access ends with the dates of your terms all the same.',
    'Please look at your roster imports: the last one may have failed or could not be read, or your student information system may have sent none. You are not told again before one has succeeded.',
  ].join('\n\n'),
})
