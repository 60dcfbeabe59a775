import { withDistrict, type Database, type DistrictTransaction } from './openDatabase.ts'

/** The row of `districts` under which acts of our own staff that concern no district are audited. Seeded by a migration. */
export const operationsDistrictId = '00000000-0000-7000-8000-000000000001'

/** A transaction under the operations district: for what concerns no district, such as what is paged for. */
export const withOperations = <T>(database: Database, work: (tx: DistrictTransaction) => Promise<T>): Promise<T> =>
  withDistrict(database, operationsDistrictId, work)
