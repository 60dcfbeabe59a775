/** Of a feed on its way here. */
export const feedUpload = {
  contentType: 'application/zip',
  /** Packed. What may be unpacked of it is 2 GiB (`feedLimits`), and real rosters pack 5 to 30 times. */
  bytesMax: 512 * 1024 ** 2,
  /** How long an upload may begin. */
  ticketSeconds: 900,
  /** Feeds of a district that wait for their bytes or their turn. */
  openMax: 20,
  /** How long feeds and the reports on them are kept. */
  keptDays: 90,
} as const
