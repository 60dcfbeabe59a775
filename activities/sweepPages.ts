import { collectFaults } from './collectFaults.ts'
import { whileHeartbeating } from './whileHeartbeating.ts'

const pageSize = 200

/**
 * Does `act` for every item of a list that is read page by page, behind the last item seen. An item that fails keeps none of the others from
 * their turn, and a try that is lost is taken up where it had come to. Counts what `act` answered.
 * @throws ApplicationFailure at the end when items failed.
 */
export const sweepPages = <Item, Answer extends string>(
  listPage: (page: { after: string | null; limit: number }) => Promise<Item[]>,
  idOf: (item: Item) => string,
  act: (item: Item) => Promise<Answer>,
): Promise<Map<Answer, number>> =>
  whileHeartbeating(async (signal, progress) => {
    const faults = collectFaults(signal)
    const counts = new Map<Answer, number>()
    let after = progress.start
    for (;;) {
      const page = await listPage({ after, limit: pageSize })
      for (const item of page) {
        const answer = await faults.attempt(() => act(item))
        if (answer !== null) counts.set(answer, (counts.get(answer) ?? 0) + 1)
        after = idOf(item)
        progress.reached(after)
      }
      if (page.length < pageSize) break
    }
    faults.throwIfAny()
    return counts
  })
