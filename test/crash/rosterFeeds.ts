import { createBulkFiles, zipFiles, type FeedFiles } from '../support/feedFiles.ts'

/** Where the student `u1` is written to. */
export const toStudentEmail = (districtId: string): string => `u1-${districtId}@example.org`

const toText = (files: FeedFiles, file: string): string => String(files[file])

/** The teacher `u2` and three students: `u1` and `u5`, who will leave, and `u3`, who stays. In a year that is always now. */
export const everyone = (districtId: string): FeedFiles => {
  const files = createBulkFiles('1.2')
  return {
    ...files,
    academicSessions: toText(files, 'academicSessions').replaceAll('2026-08-24', '2000-08-24').replaceAll('2027-06-12', '2099-06-12'),
    users: `${toText(files, 'users').replace('u1@example.org', toStudentEmail(districtId))}admin,,,true,Given,Family,,\nu3,,,true,Given,Family,,\nu5,,,true,Given,Family,,\n`,
    roles: `${toText(files, 'roles')}r4,,,u3,primary,student,s1\nr5,,,u5,primary,student,s1\n`,
    enrollments: `${toText(files, 'enrollments')}e3,,,k1,s1,u3,student,,\ne5,,,k1,s1,u5,student,,\n`,
  }
}

/**
 * What the next bulk says: `u1` has left the section and `u5` the district, the enrollment of `u3` has another id, `u4` is new, and one line refers to nobody.
 */
export const afterwards = (districtId: string): FeedFiles => {
  const files = everyone(districtId)
  return {
    ...files,
    users: toText(files, 'users')
      .replace(/^u3,.*\n/m, 'u3,,,true,Other,Family,,\n')
      .replace(/^u5,/m, 'u4,'),
    roles: toText(files, 'roles').replace(/^r5,,,u5/m, 'r6,,,u4'),
    enrollments: toText(files, 'enrollments')
      .replace(/^e1,.*\n/m, '')
      .replace(/^e3,/m, 'e6,')
      .replace(/^e5,(.*)u5/m, 'e4,$1u4')
      .concat('e9,,,k1,s1,nobody,student,,\n'),
  }
}

/** Whom the teacher reaches before and after `afterwards`, in turn. */
export const whileApplied = {
  'u2>u1 about u1': 'allowed, refused',
  'u2>u3 about u3': 'allowed',
  'u2>u4 about u4': 'refused, allowed',
  'u2>u5 about u5': 'allowed, refused',
}

export const packBulk = (files: FeedFiles): Promise<Buffer> => zipFiles(files)

/** Only changes of enrollments: `u1` and `u5` are out of the section, `u3` is in another one too. */
export const packDelta = (): Promise<Buffer> => {
  const at = '2026-11-01T00:00:00.000Z'
  const [header] = toText(createBulkFiles('1.2'), 'enrollments').split('\n')
  const lines = [`e1,tobedeleted,${at},,,,,,`, `e5,tobedeleted,${at},,,,,,`, `e7,active,${at},k2,s1,u3,student,,`]
  return zipFiles({ enrollments: `${[header, ...lines].join('\n')}\n` }, { mode: 'delta' })
}

export const packUnreadable = (districtId: string): Promise<Buffer> => {
  const files = everyone(districtId)
  return zipFiles({ ...files, users: toText(files, 'users').replace('agentSourcedIds', 'agentSourcedId') })
}
