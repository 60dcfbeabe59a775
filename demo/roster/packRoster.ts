import { packFeed } from './packFeed.ts'
import type { RosterRows } from './rosterRows.ts'
import { toFeedTables } from './toFeedTables.ts'

/** A roster as the sample districts send it: a zip of OneRoster 1.2, in bulk. */
export const packRoster = (rows: RosterRows): Promise<Buffer> => packFeed(toFeedTables(rows, '1.2'), '1.2')
