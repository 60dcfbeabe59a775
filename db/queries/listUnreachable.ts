import { sql } from 'kysely'
import type { UserRole } from '../../domain/access.ts'
import type { DistrictTransaction } from '../openDatabase.ts'
import { findRows, toTimeOrNull } from '../rows.ts'

/** Somebody whose address or number of now took nothing. Whoever has none at all is not among them. */
export type Unreachable = {
  userId: string
  role: UserRole
  givenName: string
  familyName: string
  isAddressRefused: boolean
  isNumberRefused: boolean
  refusedAt: Date | null
}

/** The district's people who could not be reached, by id, before `before`. */
export const listUnreachable = async (
  { db, districtId }: DistrictTransaction,
  { before, limit }: { before: string | null; limit: number },
): Promise<Unreachable[]> => {
  const rows = await findRows(
    db,
    sql<Omit<Unreachable, 'refusedAt'> & { refusedAt: string | null }>`
      select u.id as "userId", u.role, u.given_name as "givenName", u.family_name as "familyName", refused.address as "isAddressRefused",
        refused.number as "isNumberRefused", s.refused_at as "refusedAt"
      from notice_settings s
      join users u on u.district_id = s.district_id and u.id = s.user_id
      cross join lateral (select coalesce(s.refused_email_hash = u.email_hash, false) as address, coalesce(s.refused_phone_hash = u.phone_hash, false) as number) refused
      where s.district_id = ${districtId} and (s.refused_email_hash is not null or s.refused_phone_hash is not null)
        and (${before}::uuid is null or s.user_id < ${before}::uuid) and u.is_active and (refused.address or refused.number)
      order by s.user_id desc limit ${limit}`,
  )
  return rows.map(({ refusedAt, ...row }) => ({ ...row, refusedAt: toTimeOrNull(refusedAt) }))
}
