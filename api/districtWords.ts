import { readDistrict, type Database } from '../db/openDatabase.ts'
import { listDistrictWords } from '../db/queries/listDistrictWords.ts'
import { createRecentMap } from '../domain/createRecentMap.ts'
import type { DistrictWords } from '../domain/language/wordKinds.ts'

type Known = { words: DistrictWords; readAt: number }

/** A list that was changed counts everywhere after so long. */
const ordinaryLifeMs = 30_000
const districtsMax = 1_000

/** The words that districts add, read again every half minute: no post waits for them twice. */
export const createDistrictWords = ({ app, lifeMs = ordinaryLifeMs }: { app: Database; lifeMs?: number }) => {
  const known = createRecentMap<Known>(districtsMax)
  return async (districtId: string): Promise<DistrictWords> => {
    const found = known.get(districtId)
    if (found !== undefined && performance.now() - found.readAt < lifeMs) return found.words
    const words = await readDistrict(app, districtId, listDistrictWords)
    known.set(districtId, { words, readAt: performance.now() })
    return words
  }
}
