import { defineEntity, p } from '@mikro-orm/core'
import { rosterSubjects } from '../../domain/roster/subjects.ts'
import type { ColumnClasses } from '../columnClasses.ts'
import { districtWall } from '../districtPolicies.ts'

const properties = {
  districtId: p.uuid().primary(),
  subjectId: p.uuid().primary(),
  syncId: p.uuid().primary(),
  subject: p.enum(() => rosterSubjects),
}

export const suspensionClasses: ColumnClasses<typeof properties> = {
  districtId: 'internal',
  subjectId: 'internal',
  syncId: 'internal',
  subject: 'internal',
}

/** A removal that the brake holds: the row connects nobody from the moment at which this one is written, and does again when it goes. */
export const SuspensionSchema = defineEntity({
  name: 'Suspension',
  tableName: 'suspensions',
  ...districtWall,
  properties,
  indexes: [{ name: 'suspensions_of_sync', properties: ['districtId', 'syncId'] }],
})
export class Suspension extends SuspensionSchema.class {}
SuspensionSchema.setClass(Suspension)
