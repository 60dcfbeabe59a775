import { Context } from '@temporalio/activity'
import { collectFaults } from '../collectFaults.ts'
import { sweepPages } from '../sweepPages.ts'

type Lost<Open> = {
  /** Districts that have anything of the kind, page by page in the order of their ids. */
  listDistricts: (page: { after: string | null; limit: number }) => Promise<string[]>
  /** What is open in one of them, behind `after`, always in the same order. */
  listOpen: (districtId: string, page: { after: Open | null; limit: number }) => Promise<Open[]>
  /** Whether its run was gone and it was asked for again. */
  restart: (districtId: string, open: Open) => Promise<boolean>
}

const openAtOnce = 100

/**
 * Goes through what is open in every district, where what is open is listed under the district's own wall (law 2), and asks for it again. One that cannot be keeps none of the others
 * from their turn. Answers how much.
 * @throws ApplicationFailure at the end when any could not be.
 */
export const restartInDistricts = async <Open>({ listDistricts, listOpen, restart }: Lost<Open>): Promise<number> => {
  let restarted = 0
  await sweepPages(
    listDistricts,
    (districtId) => districtId,
    async (districtId) => {
      const faults = collectFaults(Context.current().cancellationSignal)
      for (let after: Open | null = null; ;) {
        const page: Open[] = await listOpen(districtId, { after, limit: openAtOnce })
        for (const open of page) if ((await faults.attempt(() => restart(districtId, open))) === true) restarted += 1
        const last = page.at(-1)
        if (last === undefined || page.length < openAtOnce) break
        after = last
      }
      faults.throwIfAny()
      return 'looked at'
    },
  )
  return restarted
}
