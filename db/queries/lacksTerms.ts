import { sql } from 'kysely'
import { contributions } from '../../domain/features.ts'
import type { DistrictTransaction } from '../openDatabase.ts'
import { findRow } from '../rows.ts'
import type { FeatureScope } from './switchFeature.ts'

/**
 * Whether this would let people write somewhere where they cannot now, in a district that has published no terms of use. What is on stays on, and can be switched
 * off: districts that began before there were terms go on.
 */
export const lacksTerms = async (
  { db, districtId }: DistrictTransaction,
  { feature, everywhere, schoolIds }: Omit<FeatureScope, 'byId'>,
): Promise<boolean> => {
  if (!contributions.includes(feature)) return false
  const row = await findRow(
    db,
    sql<{ isNew: boolean }>`
      select true as "isNew" from (
        select null::uuid as school_id where ${everywhere}
        union
        select unnest(${[...schoolIds]}::uuid[])) wanted
      where not exists (select 1 from terms_of_use terms where terms.district_id = ${districtId})
        and not exists (
          select 1 from feature_switches s where s.district_id = ${districtId} and s.feature = ${feature} and s.switched_off_at is null
            and (s.school_id is null or s.school_id = wanted.school_id))
      limit 1`,
  )
  return row !== null
}
