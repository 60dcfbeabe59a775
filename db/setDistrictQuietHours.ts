import { sql } from 'kysely'
import type { QuietHours } from '../domain/notices/quietHours.ts'
import { withDistrict, type Database } from './openDatabase.ts'
import { recordAudit } from './queries/recordAudit.ts'
import { findRow } from './rows.ts'

/** `staff`: account name of who sets them. Both stand in the audit log, with the reason. */
export type QuietHoursAct = QuietHours & { districtId: string; staff: string; reason: string }

/** Sets when nobody of a district is notified who has said nothing else. Answers the hours before, or null when there is no such district. As the owner. */
export const setDistrictQuietHours = (
  owner: Database,
  { districtId, from, until, staff, reason }: QuietHoursAct,
): Promise<QuietHours | null> =>
  withDistrict(owner, districtId, async (tx) => {
    const before = await findRow(
      tx.db,
      sql<QuietHours>`select quiet_from as "from", quiet_until as until from districts where id = ${districtId} and kind = 'district' for update`,
    )
    if (before === null) return null
    await sql`update districts set quiet_from = ${from}, quiet_until = ${until} where id = ${districtId}`.execute(tx.db)
    await recordAudit(tx, {
      actor: { kind: 'staff', name: staff },
      action: 'district.set-quiet-hours',
      target: { kind: 'district', id: districtId },
      reason,
      details: { from, until, fromBefore: before.from, untilBefore: before.until },
    })
    return before
  })
