import type { EventRecord } from '../../db/queries/eventRow.ts'
import type { EventView } from '../schemas/eventSchema.ts'

/** Ids and a kind: the client reads what it wants to show. */
export const toEventView = ({ kind, channelId, sectionId, subjectId }: EventRecord): EventView => ({
  kind,
  channelId,
  sectionId,
  subjectId,
})
