import { acrossDistricts, type Database } from '../db/openDatabase.ts'
import { findScanLoad } from '../db/queries/findScanLoad.ts'
import { decideScanPressure } from '../domain/scanPressure.ts'

const freshForMs = 1_000

/**
 * Answers `decideScanPressure`: null, or the seconds after which to ask for a ticket again. The load is looked up at most once a second and
 * process, by whoever comes first.
 */
export const createAskScanPressure = ({ auth }: { auth: Database }): (() => Promise<number | null>) => {
  let last = { at: -Infinity, pressure: Promise.resolve<number | null>(null) }
  return () => {
    if (performance.now() - last.at >= freshForMs) {
      const asked = { at: performance.now(), pressure: acrossDistricts(auth, findScanLoad).then(decideScanPressure) }
      // A question that failed is asked again by the next one.
      asked.pressure.catch(() => (asked.at = -Infinity))
      last = asked
    }
    return last.pressure
  }
}
