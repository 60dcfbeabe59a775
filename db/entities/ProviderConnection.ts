import { defineEntity, p } from '@mikro-orm/core'
import type { ColumnClasses } from '../columnClasses.ts'
import { districtWall } from '../districtPolicies.ts'

const properties = {
  districtId: p.uuid().primary(),
  id: p.uuid().primary(),
  providerId: p.uuid(),
  /** Null of a substitute's. */
  studentId: p.uuid().nullable(),
  /** Who made it. */
  authorId: p.uuid(),
  begins: p.date(),
  /** Exclusive. */
  ends: p.date(),
  sinceVersion: p.bigint('number'),
  /** Null on what holds now. */
  untilVersion: p.bigint('number').nullable(),
  endedBy: p.uuid().nullable(),
  /** In which they are a substitute; null of what is with a student. */
  sectionId: p.uuid().nullable(),
}

export const providerConnectionClasses: ColumnClasses<typeof properties> = {
  districtId: 'internal',
  id: 'internal',
  providerId: 'internal',
  studentId: 'internal',
  authorId: 'internal',
  begins: 'internal',
  ends: 'internal',
  sinceVersion: 'internal',
  untilVersion: 'internal',
  endedBy: 'internal',
  sectionId: 'internal',
}

/** A counselor, aide or specialist whom the district itself connects with a student, or a substitute whom it connects with a section, until a day that it names. */
export const ProviderConnectionSchema = defineEntity({
  name: 'ProviderConnection',
  tableName: 'provider_connections',
  ...districtWall,
  properties,
  checks: [{ name: 'provider_connections_of_one', expression: 'num_nonnulls(student_id, section_id) = 1' }],
  indexes: [
    {
      name: 'provider_connections_ended_of_provider',
      properties: ['districtId', 'providerId', 'studentId'],
      where: 'until_version is not null',
    },
    { name: 'provider_connections_of_provider', properties: ['districtId', 'providerId', 'studentId'], where: 'until_version is null' },
    { name: 'provider_connections_of_student', properties: ['districtId', 'studentId', 'providerId'], where: 'until_version is null' },
    {
      name: 'provider_connections_of_section',
      properties: ['districtId', 'sectionId', 'providerId'],
      where: 'until_version is null and section_id is not null',
    },
    { name: 'provider_connections_substitutes', properties: ['districtId', 'id'], where: 'section_id is not null' },
  ],
})
export class ProviderConnection extends ProviderConnectionSchema.class {}
ProviderConnectionSchema.setClass(ProviderConnection)
