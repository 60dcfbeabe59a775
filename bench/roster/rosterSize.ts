import type { FeedSize } from './makeDistrictFeed.ts'

/** How much is measured. */
export type RosterSize = {
  feed: FeedSize
  /** Of each hundred enrollments so many are others in the second feed. */
  changedPercent: number
  /** Each feed and each floor so often, in turns. */
  rounds: number
  /** A tenth of it, for how memory grows. */
  small: FeedSize
}

export const fullRoster: RosterSize = {
  feed: { users: 120_000, enrollments: 1_000_000 },
  changedPercent: 2,
  rounds: 2,
  small: { users: 12_000, enrollments: 100_000 },
}

export const quickRoster: RosterSize = {
  feed: { users: 1_200, enrollments: 6_000 },
  changedPercent: 2,
  rounds: 1,
  small: { users: 240, enrollments: 1_200 },
}
