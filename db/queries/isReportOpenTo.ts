import { sql } from 'kysely'
import type { RawBuilder } from 'kysely'
import { holdsGrant } from './holdsGrant.ts'

/** Which report, and who looks at it. */
export type ReportRef = { reportId: string; viewerId: string }

/** Over a report `r`: not of what the viewer wrote. Whoever is reported sees nothing of it, whatever they may do in the district. */
export const isNotAbout = (viewerId: string): RawBuilder<boolean> => sql<boolean>`r.author_id <> ${viewerId}`

/** Over a report `r` and an attachment `a`: posted with the message or the announcement that the report is about. */
export const isReportedWith: RawBuilder<boolean> = sql<boolean>`(r.message_id = a.message_id or r.announcement_id = a.announcement_id)`

/** Whether the viewer may look at the report at this moment, `which` holds for it (`r`), and it is not about them. */
export const isReportOpenTo = (
  districtId: string,
  { reportId, viewerId }: ReportRef,
  which: RawBuilder<boolean>,
): RawBuilder<boolean> => sql`exists (
  select 1 from reports r
  where r.district_id = ${districtId} and r.id = ${reportId} and ${isNotAbout(viewerId)} and ${which}
    and exists (
      select 1 from grants g join users u on u.district_id = g.district_id and u.id = g.user_id
      where g.district_id = ${districtId} and g.user_id = ${viewerId} and g.permission = 'safety' and ${holdsGrant}))`
