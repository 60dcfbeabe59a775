import { v7 as newId } from 'uuid'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { operationsDistrictId } from '../../db/operationsDistrict.ts'
import { setGrant } from '../../deploy/setGrant.ts'
import { openDistrictCommand, type DistrictCommand } from '../support/districtCommand.ts'

let its: DistrictCommand
beforeAll(async () => {
  its = await openDistrictCommand()
})
afterAll(() => its?.close())

const asked = ['--reason', 'the superintendent wrote to us']
const speak = (verb: 'grant' | 'revoke', districtId: string, user: string, permission: string, ...more: string[]) =>
  its.run(verb, '--district', districtId, '--user', user, '--permission', permission, ...asked, ...more)
const listGrants = async (districtId: string) =>
  (
    JSON.parse((await its.run('grants', '--district', districtId, '--json')).stdout) as {
      grants: { sourcedId: string; permission: string; ends: string | null; standing: string }[]
    }
  ).grants.map(({ sourcedId, permission, standing }) => `${sourcedId} ${permission} ${standing}`)
const mayAdminister = async (districtId: string, user: string): Promise<boolean> => {
  const { status } = await (await its.callerOf(districtId, user))('GET', `/v1/districts/${districtId}/api-clients`)
  return status === 200
}

describe('permissions', () => {
  test('a district whose administrators have all lost theirs gets one again: who is named by their own id administers at once, and until it is revoked', async () => {
    const { districtId, administratorId } = await its.made()
    const teacherId = await its.addPerson(districtId, 't1', 'teacher')
    const ended = await speak('revoke', districtId, 'hallpass:admin-1', 'administer')
    expect(ended).toMatchObject({ code: 0, stdout: expect.stringContaining('Nobody can administer the district now') as string })
    expect(await mayAdminister(districtId, 'hallpass:admin-1')).toBe(false)

    const given = await speak('grant', districtId, 't1', 'administer', '--json')
    expect(JSON.parse(given.stdout)).toMatchObject({ userId: teacherId, permission: 'administer', ends: null })
    expect(await mayAdminister(districtId, 't1')).toBe(true)
    expect(await listGrants(districtId)).toEqual(['hallpass:admin-1 administer ended', 't1 administer counts'])

    expect(await speak('revoke', districtId, teacherId, 'administer')).toMatchObject({ code: 0, stderr: '' })
    expect(await mayAdminister(districtId, 't1')).toBe(false)
    const { rows } = await its.database.superuser.query(
      `select action, actor_kind, target, reason, details->>'permission' as permission from audit_entries
       where district_id = $1 and action like 'grant.%' order by id`,
      [districtId],
    )
    const act = { actor_kind: 'staff', reason: 'the superintendent wrote to us', permission: 'administer' }
    expect(rows).toEqual([
      { ...act, action: 'grant.give', target: administratorId, reason: 'contract signed' },
      { ...act, action: 'grant.end', target: administratorId },
      { ...act, action: 'grant.give', target: teacherId },
      { ...act, action: 'grant.end', target: teacherId },
    ])
  })

  test('one with an end counts until that day begins in the time zone of its district, and is another than one that opens more', async () => {
    const { districtId } = await its.made()
    await its.addPerson(districtId, 't1', 'teacher')
    expect(await speak('grant', districtId, 't1', 'audit', '--until', '2999-07-01')).toMatchObject({ code: 0, stderr: '' })
    expect(await mayAdminister(districtId, 't1')).toBe(false)
    const { rows } = await its.database.superuser.query<{ ends: string }>(
      `select (ends at time zone 'America/Chicago')::text as ends from grants where district_id = $1 and permission = 'audit'`,
      [districtId],
    )
    expect(rows).toEqual([{ ends: '2999-07-01 00:00:00' }])
    expect(await listGrants(districtId)).toEqual(['hallpass:admin-1 administer counts', 't1 audit counts'])
  })

  test('nobody is given one that would not count, or twice, and each refusal names what mends it', async () => {
    const { districtId } = await its.made()
    await its.addPerson(districtId, 'u1', 'student')
    await its.addPerson(districtId, 'gone', 'teacher', false)
    const heldId = await its.addPerson(districtId, 'held', 'teacher')
    await its.addPerson(districtId, 't1', 'teacher')
    await its.database.superuser.query(
      `with held as (
         insert into roster_syncs (district_id, id, origin, state, object_key, author_kind, author)
         values ($1, $2, 'upload', 'partly-applied', 'k', 'client', 'c') returning id)
       insert into suspensions (district_id, subject_id, sync_id, subject) select $1, $3, id, 'user' from held`,
      [districtId, newId(), heldId],
    )
    const countGrants = async (): Promise<number> => (await listGrants(districtId)).length
    const before = await countGrants()
    const elsewhere = '00000000-0000-7000-8000-0000000000ff'
    const { source } = its
    const administer = { district: districtId, permission: 'administer', reason: 'asked' }
    const refused: [string, Parameters<typeof setGrant>[2]][] = [
      ['does no work', { user: 'u1' }],
      ['does no work', { user: 'gone' }],
      ['the brake holds', { user: 'held' }],
      ['no such person', { user: 'T1' }],
      ['has the permission already', { user: 'hallpass:admin-1' }],
      ['has begun', { user: 't1', until: '2026-01-01' }],
      ['no such district', { user: 't1', district: elsewhere }],
      ['no such district', { user: 't1', district: operationsDistrictId }],
      ['--permission must be one of', { user: 't1', permission: 'everything' }],
      ['--until must be a day', { user: 't1', until: '2027-02-30' }],
      ['--reason must be given', { user: 't1', reason: ' ' }],
    ]
    for (const [why, values] of refused) await expect(setGrant(source, 'grant', { ...administer, ...values })).rejects.toThrow(why)
    await expect(setGrant(source, 'revoke', { ...administer, user: 't1' })).rejects.toThrow('does not have the permission')
    await expect(setGrant(source, 'grants', { district: elsewhere })).rejects.toThrow('no such district')
    expect(await countGrants()).toBe(before)
  })

  test('none is given while the roster is being changed: what ends somebody’s work meanwhile would miss it', async () => {
    const { districtId } = await its.made()
    await its.addPerson(districtId, 't1', 'teacher')
    const lock = `(hashtextextended('roster:${districtId}', 0))`
    await its.database.superuser.query(`select pg_advisory_lock${lock}`)
    const early = await speak('grant', districtId, 't1', 'administer')
    // Ending one waits for nobody.
    const ended = await speak('revoke', districtId, 'hallpass:admin-1', 'administer')
    await its.database.superuser.query(`select pg_advisory_unlock${lock}`)
    expect(early).toMatchObject({ code: 1, stdout: '', stderr: expect.stringContaining('again in a minute') as string })
    expect(ended).toMatchObject({ code: 0 })
    expect(await speak('grant', districtId, 't1', 'administer')).toMatchObject({ code: 0 })
  })

  test('that our staff gave has nobody of the district as its author, the first one neither, and the list says so', async () => {
    const { districtId, administratorId } = await its.made()
    const teacherId = await its.addPerson(districtId, 't1', 'teacher')
    await speak('grant', districtId, 't1', 'safety')
    const { rows } = await its.database.superuser.query<{ user_id: string; author_id: string | null }>(
      'select user_id, author_id from grants where district_id = $1 order by begins',
      [districtId],
    )
    expect(rows).toEqual([
      { user_id: administratorId, author_id: null },
      { user_id: teacherId, author_id: null },
    ])
    const { stdout } = await its.run('grants', '--district', districtId)
    expect(stdout.match(/our staff/g)).toHaveLength(2)
    const audited = await its.database.superuser.query<{ actor_kind: string; target: string }>(
      `select actor_kind, target from audit_entries where district_id = $1 and action = 'grant.give' order by id`,
      [districtId],
    )
    expect(audited.rows).toEqual([
      { actor_kind: 'staff', target: administratorId },
      { actor_kind: 'staff', target: teacherId },
    ])
  })
})
