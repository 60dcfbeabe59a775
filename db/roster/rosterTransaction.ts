import type { DistrictTransaction } from '../openDatabase.ts'

/** A transaction that names a district: the API's, or one on the connection that a feed was staged on. */
export type RosterTransaction = Pick<DistrictTransaction, 'db' | 'districtId'>
