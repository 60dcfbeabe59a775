import { secondsUntilFits, toRetryAfter } from './drainingBucket.ts'

/** How much a person, and a district, may send: buckets that drain. What was asked for counts, whatever becomes of it: deleting and sending again is sending twice. */
export type UploadQuotas = {
  personFilesPerDay: number
  personBytesPerDay: number
  /** Tickets and scans that have not ended. */
  personUploadsInFlight: number
  districtFilesPerDay: number
  districtBytesPerDay: number
  districtUploadsInFlight: number
}

/** What a district has unless it is set otherwise. */
export const uploadQuotaDefaults: UploadQuotas = {
  personFilesPerDay: 500,
  personBytesPerDay: 5 * 1024 ** 3,
  personUploadsInFlight: 30,
  districtFilesPerDay: 200_000,
  districtBytesPerDay: 1024 ** 4,
  districtUploadsInFlight: 2_000,
}

/** No person's quota is more than this part of the district's: one person, or a few, cannot keep everybody else from sending. */
export const personShareMax = 1 / 20

/** How full a bucket is, drained up to now. */
export type UploadUsage = { files: number; bytes: number }

export type QuotaPerDay = { files: number; bytes: number }

/** Whole seconds until `usage` has drained so far that `cost` fits, at least 1: what a `Retry-After` says. */
export const secondsUntilRoom = (usage: UploadUsage, cost: UploadUsage, quota: QuotaPerDay): number => {
  const waitFor = (kind: keyof UploadUsage): number => secondsUntilFits({ used: usage[kind], cost: cost[kind], perDay: quota[kind] })
  return toRetryAfter(Math.max(waitFor('files'), waitFor('bytes')))
}
