import type { Machine } from '../../deploy/roster/openMachine.ts'
import { sendFeed } from '../../deploy/roster/sendFeed.ts'
import type { SentSync } from '../../deploy/roster/syncShapes.ts'
import type { Place } from './place.ts'

/** A district and its machine, which sends the roster. */
export type Sender = { districtId: string; machine: Machine }

/** Sends a feed as the district's machine does, and answers its sync once it has ended. @throws Refused also after three minutes. */
export const sendZip = ({ storeUrl }: Pick<Place, 'storeUrl'>, { districtId, machine }: Sender, zip: Buffer): Promise<SentSync> =>
  sendFeed(machine, { districtId, feed: new Blob([new Uint8Array(zip)], { type: 'application/zip' }), storeUrl }, { waitMs: 180_000 })
