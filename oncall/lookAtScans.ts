import { acrossDistricts, withDistrict } from '../db/openDatabase.ts'
import { isStartPending } from '../db/queries/isStartPending.ts'
import { listScans, type ListedState } from '../db/queries/listScans.ts'
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

const atOnce = 10

/** Rows from Postgres, joined with what Temporal knows. `isTemporalThere` false: by the rows alone, and nothing can be said to be `lost`. */
export const lookAtScans = async (
  oncall: Oncall,
  search: ScanSearch,
): Promise<{ found: LookedAt[]; isTemporalThere: boolean; isCut: boolean }> => {
  const { stages, limit, ...rest } = search
  const delayedAfterSeconds = oncall.config.SCAN_DELAYED_AFTER_SECONDS
  const states = [...new Set(stages.map(toListedState))]
  const isOnlyDelayed = stages.every((stage) => stage !== 'scanning' && stage !== 'lost')
  const rowsOf = (state: ListedState): Promise<Scan[]> =>
    acrossDistricts(oncall.database, (tx) =>
      // One more than is shown, so as to know whether there are more.
      listScans(tx, { ...rest, state, olderThanSeconds: isOnlyDelayed ? delayedAfterSeconds : 0, limit: limit + 1 }),
    )
  const rows: Scan[] = []
  for (const state of states) rows.push(...(await rowsOf(state)))
  const isThere = await isTemporalThere(oncall)
  const looked = await inBatches(rows, (scan) => lookAt(oncall, scan, isThere))
  const found = looked.filter(({ stage }) => (stages as readonly string[]).includes(stage))
  return { found: found.slice(0, limit), isTemporalThere: isThere, isCut: found.length > limit || rows.length > limit * states.length }
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
