import { defineEntity, p } from '@mikro-orm/core'
import type { ColumnClasses } from '../columnClasses.ts'
import { districtWall } from '../districtPolicies.ts'

const properties = {
  districtId: p.uuid().primary(),
  version: p.bigint('number').primary(),
  /** The teacher, or the service provider. */
  teacherId: p.uuid().primary(),
  participantId: p.uuid().primary(),
  studentId: p.uuid().primary(),
  schoolYear: p.integer(),
  /** When everything that follows from it was done. */
  settledAt: p.datetime().nullable(),
}

export const accessEndingClasses: ColumnClasses<typeof properties> = {
  districtId: 'internal',
  version: 'internal',
  teacherId: 'internal',
  participantId: 'internal',
  studentId: 'internal',
  schoolYear: 'internal',
  settledAt: 'internal',
}

/** The receipt of an access that a change of the roster ended: these people could converse, and from that version on they cannot. */
export const AccessEndingSchema = defineEntity({
  name: 'AccessEnding',
  tableName: 'access_endings',
  ...districtWall,
  properties,
  indexes: [{ name: 'access_endings_open', properties: ['districtId', 'version'], where: 'settled_at is null' }],
})
export class AccessEnding extends AccessEndingSchema.class {}
AccessEndingSchema.setClass(AccessEnding)
