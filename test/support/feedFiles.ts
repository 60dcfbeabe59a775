import { toCsv } from '../../demo/roster/packFeed.ts'
import { toManifestRows } from '../../domain/roster/toManifestRows.ts'
import { makeZip } from '../../demo/corpus/makeZip.ts'
import type { FeedVersion } from '../../domain/roster/feedFiles.ts'

/** The files of a feed as they stand in the zip, by name: text, or bytes that are no text. */
export type FeedFiles = Record<string, string | Buffer>

const lead = 'sourcedId,status,dateLastModified'

const bulk12: FeedFiles = {
  orgs: `${lead},name,type\nd,,,Invented District,district\ns1,,,Invented School,school\n`,
  academicSessions: `${lead},title,type,startDate,endDate,schoolYear\ny,,,Year,schoolYear,2026-08-24,2027-06-12,2027\nt,,,Fall,ext:trimester,2026-08-24,2026-12-01,2027\n`,
  courses: `${lead},title\nc1,,,Invented Course\n`,
  classes: `${lead},title,courseSourcedId,schoolSourcedId,termSourcedIds\nk1,,,Section,c1,s1,"y,t"\nk2,,,Other section,c1,s1,y\n`,
  users: `${lead},enabledUser,givenName,familyName,email,agentSourcedIds\nu1,,,true,Given,Family,u1@example.org,"g1,g2"\nu2,,,true,Given,Family,,\ng1,,,true,Given,Family,,\ng2,,,TRUE,Given,Family,,\n`,
  roles: `${lead},userSourcedId,roleType,role,orgSourcedId\nr1,,,u1,primary,student,s1\nr2,,,u2,primary,teacher,s1\nr3,,,g1,primary,parent,d\n`,
  enrollments: `${lead},classSourcedId,schoolSourcedId,userSourcedId,role,beginDate,endDate\ne1,,,k1,s1,u1,student,2026-08-24,\ne2,,,k1,s1,u2,teacher,,\n`,
}

const users11 = `${lead},enabledUser,orgSourcedIds,role,username,userIds,givenName,familyName,email,agentSourcedIds\nu1,,,true,"s1,d",student,name,,Given,Family,,g1\nu2,,,true,s1,teacher,name,,Given,Family,,\ng1,,,true,s1,guardian,name,,Given,Family,,\n`

/** A small feed without a fault, in bulk, all of whose people are invented. */
export const createBulkFiles = (version: FeedVersion): FeedFiles => {
  const { roles, ...files } = bulk12
  return version === '1.1' ? { ...files, users: users11 } : { ...files, roles: roles ?? '' }
}

/** Zips files as they are, with a manifest that says `mode` of each unless `manifest` says otherwise. */
export const zipFiles = (
  files: FeedFiles,
  options: { version?: FeedVersion; mode?: 'bulk' | 'delta'; manifest?: string | null; stored?: boolean } = {},
): Promise<Buffer> => {
  const modes = Object.fromEntries(Object.keys(files).map((file) => [file, options.mode ?? 'bulk']))
  const manifest = options.manifest === undefined ? toCsv(toManifestRows(modes, options.version ?? '1.2')) : options.manifest
  return makeZip([
    ...(manifest === null ? [] : [{ path: 'manifest.csv', content: manifest, stored: options.stored ?? false }]),
    ...Object.entries(files).map(([file, content]) => ({ path: `${file}.csv`, content, stored: options.stored ?? false })),
  ])
}
