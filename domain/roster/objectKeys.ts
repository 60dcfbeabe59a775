/**
 * Where in the roster bucket what of a sync lies. A key names the district, so that one glance tells whose an object is, and nothing of the content. The
 * API may read what begins with `reportsPrefix` and nothing else.
 */
export const reportsPrefix = 'reports/'

/** The feed as it was sent. */
export const toFeedKey = (districtId: string, syncId: string): string => `feeds/${districtId}/${syncId}.zip`

/** What of the feed was rejected, as CSV. An attempt has its own, so that one that is lost writes over nothing. */
export const toRejectsKey = (districtId: string, syncId: string, attempt: number): string =>
  `${reportsPrefix}${districtId}/${syncId}/${attempt}/rejects.csv`

/** What a dry run would have changed, as CSV. */
export const toChangesKey = (districtId: string, syncId: string, attempt: number): string =>
  `${reportsPrefix}${districtId}/${syncId}/${attempt}/changes.csv`
