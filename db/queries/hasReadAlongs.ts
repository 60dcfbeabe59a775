import { sql } from 'kysely'
import { readAlongs } from '../../domain/features.ts'
import type { DistrictTransaction } from '../openDatabase.ts'
import { findRow } from '../rows.ts'

/** Whether anybody reads along anywhere in the district: most have none, and their lists need not look for it. */
export const hasReadAlongs = async ({ db, districtId }: DistrictTransaction): Promise<boolean> =>
  (await findRow(
    db,
    sql<{ id: string }>`
      select f.id from feature_switches f
      where f.district_id = ${districtId} and f.feature = any(${[...readAlongs]}::text[]) and f.switched_off_at is null limit 1`,
  )) !== null
