import type { Reach } from '../../domain/roster/decideReach.ts'
import { reserved, type ExplanationView } from '../schemas/explanationSchema.ts'

/**
 * What somebody who asks about themselves is shown: whether, in which channels, and the rows that are their own. What concerns another
 * person, a custody above all, or where a child is enrolled, is for the district's administrators: of it only that there is something.
 */
export const reserveOthers = (view: ExplanationView, reach: Reach, ownIds: ReadonlySet<string>): ExplanationView => {
  const isOwn = (id: string | null): boolean => id !== null && ownIds.has(id)
  const isTold = ({ id }: { id: string | null }) => isOwn(id) || (id === null && reach.ways.length === 0)
  const told = view.reasons.filter(isTold)
  const rest = view.reasons.length > told.length ? [{ ...reserved, subject: null, id: null }] : []
  const isEndingTold = view.endedBy !== null && isOwn(view.endedBy.id)
  return {
    ...view,
    because: view.because.filter(({ id }) => isOwn(id)),
    reasons: [...told, ...rest],
    endedAt: isEndingTold ? view.endedAt : null,
    endedBy: isEndingTold ? view.endedBy : null,
  }
}
