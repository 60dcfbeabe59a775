import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { packRoster } from '../demo/roster/packRoster.ts'
import type { RosterRows } from '../demo/roster/rosterRows.ts'
import { toBrokenRows } from '../demo/roster/toBrokenRows.ts'

/** Leaves feeds to try things with in the stack's folder: what the sample district's system sends, and the same without most enrollments. */
export const writeSampleFeeds = async (folder: string, rows: RosterRows): Promise<void> => {
  await writeFile(join(folder, 'sample-feed.zip'), await packRoster(rows))
  await writeFile(join(folder, 'broken-feed.zip'), await packRoster(toBrokenRows(rows)))
}
