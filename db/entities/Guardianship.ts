import { defineEntity, p } from '@mikro-orm/core'
import { custodies } from '../../domain/roster/custody.ts'
import type { ColumnClasses } from '../columnClasses.ts'
import { districtWall } from '../districtPolicies.ts'

const properties = {
  districtId: p.uuid().primary(),
  id: p.uuid().primary(),
  guardianId: p.uuid(),
  studentId: p.uuid(),
  /** As the district names it: parent, guardian, relative, … */
  relation: p.text(),
  custody: p.enum(() => custodies),
  /** Null: always. */
  begins: p.date().nullable(),
  /** Exclusive; null while open. */
  ends: p.date().nullable(),
  sinceVersion: p.bigint('number'),
  untilVersion: p.bigint('number').nullable(),
}

export const guardianshipClasses: ColumnClasses<typeof properties> = {
  districtId: 'internal',
  id: 'internal',
  guardianId: 'internal',
  studentId: 'internal',
  relation: 'pii',
  custody: 'pii',
  begins: 'internal',
  ends: 'internal',
  sinceVersion: 'internal',
  untilVersion: 'internal',
}

/** Links a guardian to a student (OneRoster `agentSourcedIds`). */
export const GuardianshipSchema = defineEntity({
  name: 'Guardianship',
  tableName: 'guardianships',
  ...districtWall,
  properties,
  indexes: [
    { name: 'guardianships_ended_of_guardian', properties: ['districtId', 'guardianId'], where: 'until_version is not null' },
    { name: 'guardianships_ended_of_student', properties: ['districtId', 'studentId'], where: 'until_version is not null' },
    { name: 'guardianships_of_student', properties: ['districtId', 'studentId', 'guardianId'], where: 'until_version is null' },
  ],
  uniques: [{ name: 'guardianships_current_pair', properties: ['districtId', 'guardianId', 'studentId'], where: 'until_version is null' }],
})
export class Guardianship extends GuardianshipSchema.class {}
GuardianshipSchema.setClass(Guardianship)
