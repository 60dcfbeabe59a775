import { defineEntity, p } from '@mikro-orm/core'
import { userRoles } from '../../domain/access.ts'
import { custodies } from '../../domain/roster/custody.ts'
import type { ColumnClasses } from '../columnClasses.ts'
import { districtWall } from '../districtPolicies.ts'

const properties = {
  districtId: p.uuid().primary(),
  id: p.uuid().primary(),
  sourcedId: p.text(),
  role: p.enum(() => userRoles),
  givenName: p.text(),
  familyName: p.text(),
  /** Sealed (`sealField`); looked up by the keyed hash beside it (law 10). */
  email: p.blob().nullable(),
  emailHash: p.blob().nullable(),
  phone: p.blob().nullable(),
  phoneHash: p.blob().nullable(),
  /** In which they said that they want to be written to (BCP 47); null: as the roster says. */
  preferredLanguage: p.text().nullable(),
  /** What this person’s own line says of their language (BCP 47); null: nothing, and they have the district's. Not for anything but to write to them in it. */
  rosterLanguage: p.text().nullable(),
  isActive: p.boolean().default(true),
  /** What this person’s own line says of their right to be written to about their children. */
  custody: p.enum(() => custodies).default('unknown'),
}

export const userClasses: ColumnClasses<typeof properties> = {
  districtId: 'internal',
  id: 'internal',
  sourcedId: 'pii',
  role: 'internal',
  givenName: 'pii',
  familyName: 'pii',
  email: 'pii',
  emailHash: 'secret',
  phone: 'pii',
  phoneHash: 'secret',
  preferredLanguage: 'internal',
  rosterLanguage: 'pii',
  isActive: 'internal',
  custody: 'pii',
}

export const UserSchema = defineEntity({
  name: 'User',
  tableName: 'users',
  ...districtWall,
  properties,
  uniques: [{ name: 'users_sourced_id_unique', properties: ['districtId', 'sourcedId'] }],
  indexes: [
    { name: 'users_email_hash', properties: ['districtId', 'emailHash'], where: 'email_hash is not null' },
    { name: 'users_phone_hash', properties: ['districtId', 'phoneHash'], where: 'phone_hash is not null' },
  ],
})
export class User extends UserSchema.class {}
UserSchema.setClass(User)
