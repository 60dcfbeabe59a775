import { acrossDistricts, withDistrict } from '../db/openDatabase.ts'
import { isStartPending } from '../db/queries/isStartPending.ts'
import { countScans, listScans } from '../db/queries/listScans.ts'
import type { Scan } from '../db/queries/scanRow.ts'
import { scanAttachmentId } from '../workflows/contract.ts'
import { describeRun, isTemporalThere, type KnownRun } from './describeRun.ts'
import type { Oncall } from './openOncall.ts'
import { toListedState, toStage, type ScanStageName } from './scanStages.ts'

/** A row together with what the server knows of the run of its current attempt. */
export type LookedAt = {
  scan: Scan
  workflowId: string
  /** Undefined when the server was not asked or did not answer; null when it knows of none. */
  run: KnownRun | null | undefined
  isStartWaiting: boolean
  stage: string
}

export type ScanSearch = { stages: readonly ScanStageName[]; sinceSeconds: number | null; districtId: string | null; limit: number }

/** What a search found. */
export type Looked = {
  found: LookedAt[]
  /** Rows that were not looked at, or found beyond the limit. */
  left: number
  /** `false`: by the rows alone, and nothing can be said to be `lost`. */
  isTemporalThere: boolean
}

const atOnce = 10
/** Which rows have lost their run is known only when each was asked about. */
const rowsMaxOfLost = 1_000

/** Rows from Postgres, joined with what Temporal knows. */
export const lookAtScans = async (oncall: Oncall, { stages, limit, ...where }: ScanSearch): Promise<Looked> => {
  const isByAge = stages.every((stage) => stage !== 'scanning' && stage !== 'lost')
  const olderThanSeconds = isByAge ? oncall.config.SCAN_DELAYED_AFTER_SECONDS : 0
  const rowsMax = stages.length === 1 && stages[0] === 'lost' ? Math.max(limit, rowsMaxOfLost) : limit
  const rows: Scan[] = []
  let unseen = 0
  for (const state of new Set(stages.map(toListedState))) {
    const filter = { ...where, state, olderThanSeconds }
    const page = await acrossDistricts(oncall.database, (tx) => listScans(tx, { ...filter, limit: rowsMax }))
    rows.push(...page)
    if (page.length === rowsMax)
      unseen += Math.max(0, (await acrossDistricts(oncall.database, (tx) => countScans(tx, filter))) - page.length)
  }
  const isThere = await isTemporalThere(oncall)
  const looked = await inBatches(rows, (scan) => lookAt(oncall, scan, isThere))
  const found = looked.filter(({ stage }) => (stages as readonly string[]).includes(stage))
  // Every state has a share of its own: a thousand that wait hide none that failed.
  const shown = stages.length === 1 ? found.slice(0, limit) : found
  return { found: shown, left: unseen + found.length - shown.length, isTemporalThere: isThere }
}

/** One row together with what the server knows. Does not reject when the server does not answer. */
export const lookAt = async (oncall: Oncall, scan: Scan, isThere = true): Promise<LookedAt> => {
  const workflowId = scanAttachmentId(scan.attachmentId, scan.attempt)
  const run = isThere ? await describeRun(oncall, workflowId).catch(() => undefined) : undefined
  const isStartWaiting =
    scan.state === 'scanning' && !run && (await withDistrict(oncall.database, scan.districtId, (tx) => isStartPending(tx, workflowId)))
  const stage = toStage(scan, run, isStartWaiting, oncall.config.SCAN_DELAYED_AFTER_SECONDS)
  return { scan, workflowId, run, isStartWaiting, stage }
}

const inBatches = async <In, Out>(items: readonly In[], work: (item: In) => Promise<Out>): Promise<Out[]> => {
  const done: Out[] = []
  for (let from = 0; from < items.length; from += atOnce) done.push(...(await Promise.all(items.slice(from, from + atOnce).map(work))))
  return done
}
