import { validate as isUuid } from 'uuid'
import { findStaffName } from '../clients/findStaffName.ts'
import { endGrant } from '../db/endGrant.ts'
import { permissions, type Permission } from '../db/entities/Grant.ts'
import { giveGrant, type GivenGrant, type GrantAct } from '../db/giveGrant.ts'
import { listGrants, type ListedGrant } from '../db/listGrants.ts'
import { openDatabase, type Database } from '../db/openDatabase.ts'
import { readDay } from '../domain/roster/readField.ts'
import type { DistrictSource } from './findDistrictSource.ts'
import { readText } from './readText.ts'
import { Refused } from './refused.ts'
import { toTextTable } from './toTextTable.ts'
import { WrongUse } from './wrongUse.ts'

const text = { type: 'string' } as const

/** The options of `district grant`, `revoke` and `grants`, for `parseArgs`. `--district` and `--reason` are others' too. */
export const grantOptions = { district: text, user: text, permission: text, until: text, reason: text } as const

type Values = Partial<Record<keyof typeof grantOptions, string>>

/** What was done, and the same for a reader. */
export type Answer = { json: object; lines: string }

/** @throws WrongUse | Refused */
export const setGrant = async (source: DistrictSource, verb: 'grant' | 'revoke' | 'grants', values: Values): Promise<Answer> => {
  const districtId = values.district ?? ''
  if (!isUuid(districtId)) throw new WrongUse('--district must be the id of a district')
  const act = verb === 'grants' ? null : readAct(source, districtId, values)
  const until = readUntil(verb, values)
  const owner = await openDatabase({ url: source.ownerUrl, connectionsMax: 1 })
  try {
    if (act === null) return await list(owner, districtId)
    return verb === 'grant' ? await give(owner, { ...act, until }) : await end(owner, act)
  } finally {
    await owner.close()
  }
}

const listed = 'npm run district -- list'

const list = async (owner: Database, districtId: string): Promise<Answer> => {
  const grants = await listGrants(owner, districtId)
  if (grants === null) throw new Refused(`there is no such district\n  mend: ${listed}`)
  return { json: { grants }, lines: toListText(grants) }
}

const toListText = (grants: readonly ListedGrant[]): string =>
  grants.length === 0
    ? 'Nobody there was ever given a permission.\n'
    : `${toTextTable([
        ['person', 'id in the district’s system', 'permission', 'given by', 'since', 'until', 'now'],
        ...grants.map((of) => [of.userId, of.sourcedId, of.permission, of.authorId ?? 'our staff', of.begins, of.ends ?? '', of.standing]),
      ])}\n`

const whyNot: Readonly<Record<Exclude<GivenGrant['outcome'], 'given'>, string>> = {
  'no-district': `there is no such district\n  mend: ${listed}`,
  'no-person': 'the district has no such person\n  mend: give their id here, or the one of the district’s own system, as its roster has it',
  'no-work':
    'this person does no work for the district today, so the permission would not count\n  mend: have the roster say which role of the staff’s they have, or name somebody else',
  held: 'the brake holds this person’s removal, so the permission would not count\n  mend: have the held removals decided first (npm run oncall -- roster list --stage held), or name somebody else',
  'given-already': 'this person has the permission already\n  mend: look with "grants"; to change its end, revoke it and give it again',
  over: '--until is a day that has begun there\n  mend: say a later day, or leave it out',
  busy: 'the district’s roster is being changed at this moment, and nothing was done\n  mend: say it again in a minute',
}

const give = async (owner: Database, act: GrantAct & { until: string | null }): Promise<Answer> => {
  const given = await giveGrant(owner, act)
  if (given.outcome !== 'given') throw new Refused(whyNot[given.outcome])
  const { grantId, userId, ends } = given
  return { json: { grantId, userId, permission: act.permission, ends }, lines: `${userId} may ${act.permission}, ${toEndText(ends)}.\n` }
}

const toEndText = (ends: string | null): string => (ends === null ? 'until it is revoked or their work ends' : `until ${ends}`)

const end = async (owner: Database, act: GrantAct): Promise<Answer> => {
  const ended = await endGrant(owner, act)
  if (ended.outcome !== 'ended')
    throw new Refused(
      ended.outcome === 'no-person' ? whyNot['no-person'] : 'this person does not have the permission\n  mend: look with "grants"',
    )
  const { userId, isWithoutAdministrator } = ended
  const warning = isWithoutAdministrator
    ? 'Nobody can administer the district now.\n  mend: npm run district -- grant --permission administer\n'
    : ''
  return {
    json: { userId, permission: act.permission, isWithoutAdministrator },
    lines: `${userId} may not ${act.permission} any more.\n${warning}`,
  }
}

const readAct = ({ isLocalStack }: DistrictSource, districtId: string, values: Values): GrantAct => ({
  districtId,
  user: readText(values, 'user'),
  permission: readPermission(values.permission),
  staff: findStaffName(),
  reason: readText({ reason: isLocalStack ? 'local stack' : undefined, ...values }, 'reason'),
})

const readPermission = (given: string | undefined): Permission => {
  const known = permissions.find((permission) => permission === given)
  if (known === undefined) throw new WrongUse(`--permission must be one of ${permissions.join(', ')}`)
  return known
}

const readUntil = (verb: string, { until }: Values): string | null => {
  if (until === undefined) return null
  if (verb !== 'grant') throw new WrongUse('--until belongs to grant')
  if ('code' in readDay(until))
    throw new WrongUse('--until must be a day such as 2027-06-30, the first on which the permission does not count')
  return until
}
