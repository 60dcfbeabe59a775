/** How busy the scans are, across districts: counts only. */
export type ScanLoad = {
  /** Uploads that wait for the end of their scan; counted up to `scanPressureLimits.waitingMax`. */
  waiting: number
  /** Those of them that have waited for longer than `lateAfterSeconds`; counted up to `lateMin`. */
  late: number
  /** Scans that ended within the last minute. */
  endedLastMinute: number
}

export const scanPressureLimits = {
  /** So many are refused more, however fast they go. */
  waitingMax: 2_000,
  lateAfterSeconds: 60,
  /** More than a few people can have in flight: a handful of files that nobody can scan stop nobody. */
  lateMin: 100,
  /** The queue may be this deep at the pace of the last minute. */
  minutesDeepMax: 2,
  retryAfterSecondsMin: 15,
  retryAfterSecondsMax: 300,
} as const

/**
 * Seconds after which to ask for a ticket again, or null when there is room. New uploads are turned away before the queue is minutes deep: by its
 * length at the pace of the last minute, once a good many have waited for a minute; and by its length alone.
 */
export const decideScanPressure = ({ waiting, late, endedLastMinute }: ScanLoad): number | null => {
  const { waitingMax, lateMin, minutesDeepMax, retryAfterSecondsMin, retryAfterSecondsMax } = scanPressureLimits
  const minutesDeep = waiting / Math.max(endedLastMinute, 1)
  const isDeep = late >= lateMin && minutesDeep > minutesDeepMax
  if (!isDeep && waiting < waitingMax) return null
  const secondsToPass = Math.ceil((minutesDeep - minutesDeepMax / 2) * 60)
  return Math.min(retryAfterSecondsMax, Math.max(retryAfterSecondsMin, secondsToPass))
}
