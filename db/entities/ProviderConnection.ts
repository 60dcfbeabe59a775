import { defineEntity, p } from '@mikro-orm/core'
import type { ColumnClasses } from '../columnClasses.ts'
import { districtWall } from '../districtPolicies.ts'

const properties = {
  districtId: p.uuid().primary(),
  id: p.uuid().primary(),
  providerId: p.uuid(),
  studentId: p.uuid(),
  /** Who made it. */
  authorId: p.uuid(),
  begins: p.date(),
  /** Exclusive. */
  ends: p.date(),
  sinceVersion: p.bigint('number'),
  /** Null on what holds now. */
  untilVersion: p.bigint('number').nullable(),
  endedBy: p.uuid().nullable(),
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
}

/** A counselor, aide or specialist whom the district itself connects with a student, until a day that it names. */
export const ProviderConnectionSchema = defineEntity({
  name: 'ProviderConnection',
  tableName: 'provider_connections',
  ...districtWall,
  properties,
  indexes: [
    {
      name: 'provider_connections_ended_of_provider',
      properties: ['districtId', 'providerId', 'studentId'],
      where: 'until_version is not null',
    },
    { name: 'provider_connections_of_provider', properties: ['districtId', 'providerId', 'studentId'], where: 'until_version is null' },
    { name: 'provider_connections_of_student', properties: ['districtId', 'studentId', 'providerId'], where: 'until_version is null' },
  ],
})
export class ProviderConnection extends ProviderConnectionSchema.class {}
ProviderConnectionSchema.setClass(ProviderConnection)
