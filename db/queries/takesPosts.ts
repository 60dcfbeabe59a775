import { sql } from 'kysely'
import type { RawBuilder } from 'kysely'
import type { ChannelStanding } from '../../domain/channelStanding.ts'
import { posters, postingStates } from '../../domain/posting.ts'

const statesFor = (standing: ChannelStanding): RawBuilder<unknown> =>
  sql.join(
    postingStates.filter((state) => (posters[state] as readonly ChannelStanding[]).includes(standing)).map((state) => sql.lit(state)),
  )

/** Whether the teacher lets this party of the channel post: `domain/posting.ts` in SQL. */
export const takesPosts = (alias: string, userId: string): RawBuilder<boolean> => {
  const channel = sql.ref(alias)
  return sql`(case when ${channel}.teacher_id = ${userId} then ${channel}.posting in (${statesFor('teacher')})
    else ${channel}.posting in (${statesFor('participant')}) end)`
}
