import { sql } from 'kysely'
import type { DistrictTransaction } from '../openDatabase.ts'
import { findRows } from '../rows.ts'
import { livePlaces } from './liveSection.ts'

/** A section in which the roster puts a person today, and how; `children` are the students there whose guardian they are. */
export type SectionRecord = { id: string; title: string; schoolName: string; isTeacher: boolean; isStudent: boolean; children: string[] }

/** The person's sections that speak today: a term of theirs runs, and their school has announcements. By id, after `after`. */
export const listSections = (
  { db, districtId }: DistrictTransaction,
  { actorId, after, limit }: { actorId: string; after?: string | undefined; limit: number },
): Promise<SectionRecord[]> =>
  findRows(
    db,
    sql<SectionRecord>`
      select s.id, s.title, (select school.name from schools school where school.district_id = s.district_id and school.id = s.school_id) as "schoolName",
        place.is_teacher as "isTeacher", place.is_student as "isStudent", place.children
      from ${livePlaces(districtId, actorId)} place
      join sections s on s.district_id = ${districtId} and s.id = place.section_id
      ${after === undefined ? sql`` : sql`where s.id > ${after}`}
      order by s.id limit ${limit}`,
  )
