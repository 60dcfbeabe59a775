import { defineEntity, p } from '@mikro-orm/core'
import type { ColumnClasses } from '../columnClasses.ts'
import { districtWall, windowFor } from '../districtPolicies.ts'

const properties = {
  /** Where it was found. The same hash found in two districts is two rows. */
  districtId: p.uuid().primary(),
  /** Of the bytes as they were uploaded, or as they were released. */
  sha256: p.blob().primary(),
  signature: p.text(),
  engine: p.text(),
  databaseVersion: p.text(),
  foundAt: p.datetime().defaultRaw('now()'),
}

export const badHashClasses: ColumnClasses<typeof properties> = {
  districtId: 'internal',
  sha256: 'internal',
  signature: 'internal',
  engine: 'internal',
  databaseVersion: 'internal',
  foundAt: 'internal',
}

/** Bytes that an engine once found to be malware: refused on sight, in every district (docs/decisions/known-bad-hashes.md). */
export const BadHashSchema = defineEntity({
  name: 'BadHash',
  tableName: 'bad_hashes',
  ...districtWall,
  policies: [...districtWall.policies, windowFor('hallpass_sweeper', 'select'), windowFor('hallpass_oncall', 'select')],
  properties,
  indexes: [
    { name: 'bad_hashes_by_hash', properties: ['sha256', 'foundAt'] },
    { name: 'bad_hashes_by_age', properties: ['foundAt', 'sha256'] },
  ],
})
export class BadHash extends BadHashSchema.class {}
BadHashSchema.setClass(BadHash)
