/** What district administrators are told by mail of removals that the brake holds. It names no person and no school: mail is not private. */
export type RemovalNews = 'held' | 'undecided'

/** @param held how many rows of the roster are held. */
export const toRemovalNotice = (
  news: RemovalNews,
  { syncId, held }: { syncId: string; held: number },
): { subject: string; text: string } => {
  const what = `A roster import would remove ${held} ${held === 1 ? 'entry' : 'entries'} of your district, which is more than usual.`
  const how = `Look at what is held, and approve or discard it. The import is ${syncId}.`
  const meanwhile = 'The people concerned cannot reach each other meanwhile. Nothing else has happened to them.'
  return news === 'held'
    ? { subject: 'A roster import waits for your decision', text: [what, meanwhile, how].join('\n\n') }
    : { subject: 'A roster import has waited for your decision for a day', text: [what, meanwhile, how].join('\n\n') }
}
