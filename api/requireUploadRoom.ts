import type { UploadCharge } from '../db/queries/chargeUpload.ts'
import { Refusal } from '../domain/refusal.ts'

/** Scans are short, and tickets are used or run out: this is when it is worth asking again. */
const inFlightRetrySeconds = 15

/** Says no to an upload that a quota has no room for. Of a district's quota nothing is said but that it is the district's. @throws {Refusal} */
export const requireCharged = (charge: UploadCharge, whose: 'person' | 'district'): void => {
  if (charge.outcome === 'charged') return
  if (charge.outcome === 'over-quota') {
    const { retryAfterSeconds } = charge
    if (whose === 'person')
      throw new Refusal('person-upload-quota', 'You have sent as much as one person may in a day.', { retryAfterSeconds })
    throw new Refusal('district-upload-quota', 'The district has sent as much as it may in a day.', { retryAfterSeconds })
  }
  const text = whose === 'person' ? 'You have too many uploads open.' : 'The district has too many uploads open.'
  throw new Refusal('too-many-uploads-in-flight', text, { retryAfterSeconds: inFlightRetrySeconds })
}

/** Turns a new upload away while scans are too far behind; uploads that hold a ticket go on. @throws {Refusal} */
export const requireScanRoom = (scanPressure: number | null): void => {
  if (scanPressure === null) return
  const text = 'Files are checked more slowly than they arrive. Messages without files can be sent.'
  throw new Refusal('uploads-paused', text, { retryAfterSeconds: scanPressure })
}
