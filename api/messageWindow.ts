import { z } from '@hono/zod-openapi'
import { parseCursor, toCursor } from './cursor.ts'

const position = z.object({ seq: z.int().min(0).max(2_147_483_647) })

/** Which messages: older than `before` or newer than `after`, by their numbers; neither means the newest. */
export type MessageWindow = { limit: number; before?: number | undefined; after?: number | undefined }

type Query = { limit: number; before?: string | undefined; after?: string | undefined }

const toSeq = (parameter: string, cursor: string | undefined): number | undefined =>
  cursor === undefined ? undefined : parseCursor(position, parameter, cursor).seq

/** @throws {InvalidInput} for a cursor that no list gave out. */
export const toMessageWindow = ({ limit, before, after }: Query): MessageWindow => ({
  limit,
  before: toSeq('before', before),
  after: toSeq('after', after),
})

/** A page, oldest first, and where to read on from it. Numbers count from 1, so only the first message of all has surely none before it. */
export const toMessagePage = <Message extends { seq: number }>(items: Message[], { after }: MessageWindow) => {
  const firstSeq = items[0]?.seq ?? 0
  const lastSeq = items.at(-1)?.seq ?? after ?? 0
  return { items, before: firstSeq > 1 ? toCursor({ seq: firstSeq }) : null, after: toCursor({ seq: lastSeq }) }
}
