import { defineEntity, p } from '@mikro-orm/core'
import { features } from '../../domain/features.ts'
import type { ColumnClasses } from '../columnClasses.ts'
import { districtWall } from '../districtPolicies.ts'

const properties = {
  districtId: p.uuid().primary(),
  id: p.uuid().primary(),
  feature: p.enum(() => features),
  /** Null: in every school, those to come included. */
  schoolId: p.uuid().nullable(),
  /** Of `guardians-read-along` alone: in classes all of whose grades are among these. Null: in every class. */
  grades: p.array().nullable(),
  switchedOnAt: p.datetime(),
  /** Null: our staff, by a command that the audit log names. */
  switchedOnBy: p.uuid().nullable(),
  /** Null while it is on. */
  switchedOffAt: p.datetime().nullable(),
  switchedOffBy: p.uuid().nullable(),
}

export const featureSwitchClasses: ColumnClasses<typeof properties> = {
  districtId: 'internal',
  id: 'internal',
  feature: 'internal',
  schoolId: 'internal',
  grades: 'internal',
  switchedOnAt: 'internal',
  switchedOnBy: 'internal',
  switchedOffAt: 'internal',
  switchedOffBy: 'internal',
}

/** From when to when a feature was on in a school, or everywhere. A feature without a row that is on is off. */
export const FeatureSwitchSchema = defineEntity({
  name: 'FeatureSwitch',
  tableName: 'feature_switches',
  ...districtWall,
  properties,
  checks: [
    {
      name: 'feature_switches_grades',
      expression: `grades is null or feature = 'guardians-read-along' and cardinality(grades) > 0`,
    },
  ],
  indexes: [{ name: 'feature_switches_on', properties: ['districtId', 'feature', 'schoolId'], where: 'switched_off_at is null' }],
})
export class FeatureSwitch extends FeatureSwitchSchema.class {}
FeatureSwitchSchema.setClass(FeatureSwitch)
