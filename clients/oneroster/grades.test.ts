import { expect, test } from 'vitest'
import { feedVersions } from '../../domain/roster/feedFiles.ts'
import { createBulkFiles, zipFiles } from '../../test/support/feedFiles.ts'
import { readFeed } from '../../test/support/readFeed.ts'

test.each(feedVersions)(
  'of a feed of version %s the grades of a class are taken, those that nobody knows are not, and no class is refused for one',
  async (version) => {
    const classes = `sourcedId,status,dateLastModified,title,grades,courseSourcedId,schoolSourcedId,termSourcedIds
k1,,,Section,"02, KG ,1",c1,s1,y
k2,,,Other section,ext:nursery,c1,s1,y
k3,,,Third section,,c1,s1,y
`
    const lines = await readFeed(await zipFiles({ ...createBulkFiles(version), classes }, { version }))
    const sections = lines.flatMap(({ rows }) => rows).filter((row) => row.kind === 'section')
    expect(sections.map(({ sourcedId, grades }) => ({ sourcedId, grades }))).toEqual([
      { sourcedId: 'k1', grades: ['KG', '01', '02'] },
      { sourcedId: 'k2', grades: [] },
      { sourcedId: 'k3', grades: [] },
    ])
    expect(lines.filter(({ file }) => file === 'classes').flatMap(({ rejects }) => rejects)).toEqual([])
  },
)
