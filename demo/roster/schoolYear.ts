import type { Day } from './rosterRows.ts'

export type SchoolYear = {
  /** The year in which it ends, as OneRoster counts. */
  schoolYear: number
  begins: Day
  /** Exclusive. */
  ends: Day
  /** The first day of the second semester. */
  middle: Day
}

/** The school year, July to July, that contains `today`: there is always exactly one. */
export const toSchoolYear = (today: string): SchoolYear => {
  const parts = /^(\d{4})-(\d{2})-(\d{2})$/.exec(today)
  if (!parts || Number.isNaN(Date.parse(today))) throw new RangeError('today must be a date, YYYY-MM-DD')
  const year = Number(parts[1])
  const schoolYear = Number(parts[2]) >= 7 ? year + 1 : year
  return { schoolYear, begins: `${schoolYear - 1}-07-01`, middle: `${schoolYear}-01-01`, ends: `${schoolYear}-07-01` }
}
