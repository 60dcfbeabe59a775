import { sql } from 'kysely'
import type { RawBuilder } from 'kysely'
import { messageReaders } from '../../domain/shownMessage.ts'
import type { ChannelStanding } from '../../domain/channelStanding.ts'

/** The id of a person, or an expression of the query around. */
type UserId = string | RawBuilder<unknown>

/** Whether somebody who is a party, or reads along, is one of these. */
const isReader = (readers: readonly ChannelStanding[], channelAlias: string, userId: UserId): RawBuilder<boolean> => {
  if (readers.includes('reader')) return sql`true`
  const channel = sql.ref(channelAlias)
  const columns = { teacher: sql`${channel}.teacher_id`, participant: sql`${channel}.participant_id` }
  const stands = (Object.keys(columns) as (keyof typeof columns)[]).filter((standing) => readers.includes(standing))
  return stands.length === 0
    ? sql`false`
    : sql`(${sql.join(
        stands.map((standing) => sql`${columns[standing]} = ${userId}`),
        sql` or `,
      )})`
}

/** Whether a party of the channel, or who reads along, still reads the message: `domain/shownMessage.ts` in SQL. Who they are, the query around decides. */
export const isShownMessage = (alias: string, channelAlias: string, userId: UserId): RawBuilder<boolean> => {
  const message = sql.ref(alias)
  return sql`(case
    when ${message}.withdrawn_at is not null then ${isReader(messageReaders.withdrawn, channelAlias, userId)}
    when ${message}.hidden_at is not null then ${isReader(messageReaders.hidden, channelAlias, userId)}
    else ${isReader(messageReaders.shown, channelAlias, userId)} end)`
}

/** An attachment is seen exactly as its message is; before it is posted, by its uploader alone. */
export const isShownAttachment = (alias: string, channelAlias: string, userId: UserId): RawBuilder<boolean> => {
  const attachment = sql.ref(alias)
  return sql`(case when ${attachment}.message_id is null then ${attachment}.uploader_id = ${userId} else exists (
    select 1 from messages m where m.district_id = ${attachment}.district_id and m.id = ${attachment}.message_id
      and ${isShownMessage('m', channelAlias, userId)}) end)`
}
