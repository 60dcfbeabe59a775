import { sql } from 'kysely'
import type { RawBuilder } from 'kysely'

/** Who tells somebody: an attempt of the run that does. */
export type NoticeClaim = { attempt: number }

/** `email` is sealed for the row of the person in `users`; null for who needs no telling: reconnected since, gone, or without an address. */
export type ClaimedNotice = { email: Buffer | null }

/** Longer than one mail takes on its way to its server, whatever it waits for there. */
const claimSeconds = 300

/** Until when a claim that is made now holds. */
export const claimEnd: RawBuilder<unknown> = sql`clock_timestamp() + make_interval(secs => ${claimSeconds})`

/** Not told yet, and no other attempt may be about it: one that was given up can live on for a while. */
export const isClaimable = (alias: string, { attempt }: NoticeClaim): RawBuilder<boolean> => {
  const notice = sql.ref(alias)
  return sql`${notice}.told_at is null and (${notice}.claimed_by is null or ${notice}.claimed_by = ${attempt} or ${notice}.claimed_until <= clock_timestamp())`
}
