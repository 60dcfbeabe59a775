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

/** Goes through what is open in every district, where what is open is listed under the district's own wall (law 2), and asks for it again. Answers how much. */
export const restartInDistricts = async <Open>({ listDistricts, listOpen, restart }: Lost<Open>): Promise<number> => {
  let restarted = 0
  await sweepPages(
    listDistricts,
    (districtId) => districtId,
    async (districtId) => {
      for (let after: Open | null = null; ;) {
        const page: Open[] = await listOpen(districtId, { after, limit: openAtOnce })
        for (const open of page) if (await restart(districtId, open)) restarted += 1
        const last = page.at(-1)
        if (last === undefined || page.length < openAtOnce) return 'looked at'
        after = last
      }
    },
  )
  return restarted
}
