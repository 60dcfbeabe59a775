import { sql } from 'kysely'
import type { CustodySource } from '../domain/roster/custody.ts'
import { withDistrict } from './openDatabase.ts'
import type { Database, DistrictTransaction } from './openDatabase.ts'
import { recordAudit } from './queries/recordAudit.ts'
import { tryLockRoster } from './roster/tryLockRoster.ts'
import { findRow } from './rows.ts'

/** What a district is made with and may be told anew. `custody` is null where nothing tells of it. */
export type DistrictSettings = { timeZone: string; brake: { percent: number; rows: number }; custody: CustodySource | null }

/** What is said anew; what is absent stays. Who says it, by account name, and why: both stand in the audit log. */
export type DistrictChange = {
  districtId: string
  timeZone?: string
  brakePercent?: number
  brakeRows?: number
  custody?: CustodySource
  staff: string
  reason: string
}

export type SetDistrict =
  | { outcome: 'set' | 'unchanged'; before: DistrictSettings; after: DistrictSettings }
  | { outcome: 'no-district' }
  /** The district's roster is being changed by the settings of before; nothing was done, and nothing waited. */
  | { outcome: 'busy' }

/** The settings as they are; null when there is no such district. As the owner. */
export const readDistrictSettings = (owner: Database, districtId: string): Promise<DistrictSettings | null> =>
  withDistrict(owner, districtId, findSettings)

/**
 * Sets what is said anew, in one transaction with its row of the audit log. The time zone counts from this commit on, in whatever asks what day it is there; the brake
 * with the next feed; custody as the next feed tells it. As the owner: the application itself may set none of it.
 */
export const setDistrict = (owner: Database, { districtId, staff, reason, ...change }: DistrictChange): Promise<SetDistrict> =>
  withDistrict(owner, districtId, async (tx) => {
    if (!(await tryLockRoster(tx))) return { outcome: 'busy' }
    const before = await findSettings(tx)
    if (before === null) return { outcome: 'no-district' }
    const after = applyChange(before, change)
    if (JSON.stringify(after) === JSON.stringify(before)) return { outcome: 'unchanged', before, after }
    await sql`
      update districts set time_zone = ${after.timeZone}, brake_percent = ${after.brake.percent}, brake_rows = ${after.brake.rows},
        custody_column = ${after.custody?.column ?? null}, custody_permitted = ${[...(after.custody?.permitted ?? [])]}::text[],
        custody_denied = ${[...(after.custody?.denied ?? [])]}::text[]
      where id = ${districtId}`.execute(tx.db)
    await recordAudit(tx, {
      actor: { kind: 'staff', name: staff },
      action: 'district.set',
      target: { kind: 'district', id: districtId },
      reason,
      details: { ...toDetails('before', before), ...toDetails('after', after) },
    })
    return { outcome: 'set', before, after }
  })

const applyChange = (
  before: DistrictSettings,
  { timeZone, brakePercent, brakeRows, custody }: Omit<DistrictChange, 'districtId' | 'staff' | 'reason'>,
): DistrictSettings => ({
  timeZone: timeZone ?? before.timeZone,
  brake: { percent: brakePercent ?? before.brake.percent, rows: brakeRows ?? before.brake.rows },
  custody: custody ?? before.custody,
})

const toDetails = (when: 'before' | 'after', { timeZone, brake, custody }: DistrictSettings): Record<string, string | number | null> => ({
  [`${when}TimeZone`]: timeZone,
  [`${when}BrakePercent`]: brake.percent,
  [`${when}BrakeRows`]: brake.rows,
  [`${when}CustodyColumn`]: custody?.column ?? null,
  [`${when}CustodyPermitted`]: custody?.permitted.join() ?? null,
  [`${when}CustodyDenied`]: custody?.denied.join() ?? null,
})

type Row = {
  timeZone: string
  percent: number
  rows: number
  column: CustodySource['column'] | null
  permitted: string[]
  denied: string[]
}

const findSettings = async ({ db, districtId }: DistrictTransaction): Promise<DistrictSettings | null> => {
  const row = await findRow(
    db,
    sql<Row>`
      select d.time_zone as "timeZone", d.brake_percent as percent, d.brake_rows as rows, d.custody_column as "column",
        to_json(d.custody_permitted) as permitted, to_json(d.custody_denied) as denied
      from districts d where d.id = ${districtId} and d.kind = 'district'`,
  )
  if (row === null) return null
  const { timeZone, percent, rows, column, permitted, denied } = row
  return { timeZone, brake: { percent, rows }, custody: column === null ? null : { column, permitted, denied } }
}
