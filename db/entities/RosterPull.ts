import { defineEntity, p } from '@mikro-orm/core'
import type { ColumnClasses } from '../columnClasses.ts'
import { districtWall, windowFor } from '../districtPolicies.ts'

const pullStates = ['waiting', 'pulling'] as const
export const pullModes = ['bulk', 'delta'] as const
export const pullOutcomes = ['queued', 'failed'] as const

const properties = {
  districtId: p.uuid().primary(),
  id: p.uuid().primary(),
  /** Of the OneRoster 1.2 service, with or without its path. */
  baseUrl: p.text(),
  tokenUrl: p.text(),
  clientId: p.text(),
  /** Sealed (`sealField`). */
  clientSecret: p.blob(),
  everyHours: p.integer(),
  /** Changes alone miss what a system deletes without a word: so often everything is fetched. */
  bulkEveryDays: p.integer(),
  isPaused: p.boolean().default(false),
  state: p.enum(() => pullStates).default('waiting'),
  /** Which run works on it (law 5). */
  attempt: p.integer().default(0),
  /** What the last attempt asked for. */
  mode: p.enum(() => pullModes).nullable(),
  /** The sync that the last attempt makes. */
  syncId: p.uuid().nullable(),
  startedAt: p.datetime().nullable(),
  endedAt: p.datetime().nullable(),
  /** `queued`: the feed was fetched, and its sync goes on from there. */
  outcome: p.enum(() => pullOutcomes).nullable(),
  faultCode: p.text().nullable(),
  /** When the last pull whose sync ended well had begun: changes are asked for from then on. */
  cursorAt: p.datetime().nullable(),
  /** The same of the last one that fetched everything. */
  bulkAt: p.datetime().nullable(),
  createdAt: p.datetime().defaultRaw('now()'),
}

export const rosterPullClasses: ColumnClasses<typeof properties> = {
  districtId: 'internal',
  id: 'internal',
  baseUrl: 'internal',
  tokenUrl: 'internal',
  clientId: 'internal',
  clientSecret: 'secret',
  everyHours: 'internal',
  bulkEveryDays: 'internal',
  isPaused: 'internal',
  state: 'internal',
  attempt: 'internal',
  mode: 'internal',
  syncId: 'internal',
  startedAt: 'internal',
  endedAt: 'internal',
  outcome: 'internal',
  faultCode: 'internal',
  cursorAt: 'internal',
  bulkAt: 'internal',
  createdAt: 'internal',
}

/** Where the roster of a district is fetched from by schedule. A district has one: two systems would each remove what the other has. */
export const RosterPullSchema = defineEntity({
  name: 'RosterPull',
  tableName: 'roster_pulls',
  ...districtWall,
  policies: [...districtWall.policies, windowFor('hallpass_sweeper', 'select')],
  properties,
  uniques: [{ name: 'roster_pulls_district_unique', properties: ['districtId'] }],
  checks: [
    {
      name: 'roster_pulls_rhythm_check',
      expression: 'every_hours >= 1 and every_hours <= 168 and bulk_every_days >= 1 and bulk_every_days <= 31',
    },
  ],
})
export class RosterPull extends RosterPullSchema.class {}
RosterPullSchema.setClass(RosterPull)
