/** How much is measured. */
export type RevocationSize = {
  /** Rows of enrollments.csv. */
  enrollments: number
  /** Single events in turn, while nobody reads: an even number, since every other one brings the pair together again. */
  alone: number
  /** Single events that end the readers' access while they read, one after the other. */
  events: number
  /** Feeds that do. */
  syncs: number
  /** So many of the events meet a download and an event stream that are under way. */
  cuts: number
  /** The file that a download still reads when its access ends. */
  longFileBytes: number
}

export const fullRevocation: RevocationSize = {
  enrollments: 10_000,
  alone: 300,
  events: 40,
  syncs: 3,
  cuts: 10,
  longFileBytes: 90 * 1024 * 1024,
}
export const quickRevocation: RevocationSize = {
  enrollments: 500,
  alone: 10,
  events: 3,
  syncs: 1,
  cuts: 1,
  longFileBytes: 30 * 1024 * 1024,
}
