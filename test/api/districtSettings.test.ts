import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { openLocalKeyService } from '../../clients/localKeyFile.ts'
import { createDistrictKeys } from '../../db/districtKeys.ts'
import { operationsDistrictId } from '../../db/operationsDistrict.ts'
import { changeDistrict } from '../../deploy/changeDistrict.ts'
import { createSampleDistrict } from '../db/roster.ts'
import { openDistrictCommand, type DistrictCommand, type Ended } from '../support/districtCommand.ts'

let its: DistrictCommand
beforeAll(async () => {
  its = await openDistrictCommand()
})
afterAll(() => its?.close())

const readRow = async (districtId: string) =>
  (await its.database.superuser.query('select * from roster_pulls where district_id = $1', [districtId])).rows[0] as
    | Record<string, unknown>
    | undefined

describe('where a roster is fetched from', () => {
  const system = ['--base-url', 'https://sis.example.org', '--token-url', 'https://sis.example.org/token', '--client-id', 'hallpass']
  const pull = async (districtId: string, ...more: string[]): Promise<Ended> => {
    const file = join(its.folder, 'secret')
    await writeFile(file, 'secret of the system\n')
    return its.run('pull', '--district', districtId, ...system, '--secret-file', file, '--reason', 'asked by the district', ...more)
  }

  test('is said by one command, its secret sealed in the row, and stands in the list and in the district’s log', async () => {
    const { districtId } = await its.made()
    expect(await pull(districtId, '--every-hours', '6')).toMatchObject({ code: 0, stderr: '' })
    const row = await readRow(districtId)
    expect(row).toMatchObject({
      base_url: 'https://sis.example.org',
      every_hours: 6,
      bulk_every_days: 7,
      state: 'waiting',
      is_paused: false,
    })
    const keyService = await openLocalKeyService(join(its.folder, 'keys'))
    const cipher = await createDistrictKeys({ database: await its.database.open('app'), keyService }).forDistrict(districtId)
    const cell = { table: 'roster_pulls', rowId: String(row?.['id']), column: 'client_secret' }
    expect(cipher.openText(cell, row?.['client_secret'] as Buffer)).toBe('secret of the system')
    expect((await its.run('list')).stdout).toContain('fetched every 6 h: begins soon')
    expect(await its.run('pause-pull', '--district', districtId, '--reason', 'end of year')).toMatchObject({ code: 0 })
    expect((await its.run('list')).stdout).toContain('fetched every 6 h: paused')
    const { rows } = await its.database.superuser.query(
      `select action, actor_kind, reason from audit_entries where district_id = $1 and target = $2 order by id`,
      [districtId, row?.['id']],
    )
    expect(rows).toEqual([
      { action: 'roster-pull.set', actor_kind: 'staff', reason: 'asked by the district' },
      { action: 'roster-pull.pause', actor_kind: 'staff', reason: 'end of year' },
    ])
  })

  test('is one place: said again it begins anew, with everything', async () => {
    const { districtId } = await its.made()
    await pull(districtId)
    const before = await readRow(districtId)
    await its.database.superuser.query(
      `update roster_pulls set cursor_at = now(), bulk_at = now(), started_at = now() where district_id = $1`,
      [districtId],
    )
    await pull(districtId, '--base-url', 'https://other.example.org')
    expect(await readRow(districtId)).toMatchObject({
      id: before?.['id'],
      base_url: 'https://other.example.org',
      cursor_at: null,
      bulk_at: null,
      started_at: null,
    })
  })

  test('is not set when it is wrongly said, or for a district that is not there', async () => {
    const { districtId } = await its.made()
    const wrong: [string[], number][] = [
      [['--base-url', 'http://sis.example.org'], 2],
      [['--secret-file', '/nowhere'], 1],
      [['--district', '00000000-0000-7000-8000-0000000000ff'], 1],
      [['--district', operationsDistrictId], 1],
    ]
    expect(await Promise.all(wrong.map(async ([args]) => (await pull(districtId, ...args)).code))).toEqual(wrong.map(([, code]) => code))
    const made = await its.database.superuser.query('select 1 from roster_pulls where district_id = any($1)', [
      [districtId, operationsDistrictId],
    ])
    expect(made.rows).toEqual([])
  })
})

const asked = ['--reason', 'the superintendent wrote to us']

const listWords = async (districtId: string) =>
  JSON.parse((await its.run('words', '--district', districtId, '--json')).stdout) as {
    words: { language: string; term: string; kind: string }[]
    nudges: object[]
  }
const addWord = (districtId: string, term: string, ...more: string[]) =>
  its.run('add-word', '--district', districtId, '--term', term, '--language', 'es', ...asked, ...more)

describe('the words of a district', () => {
  test('are added, changed, listed and removed, with who and why in the audit log and the word not', async () => {
    const { districtId } = await its.made()
    expect(await addWord(districtId, 'zopenco')).toMatchObject({ code: 0, stderr: '' })
    expect(await addWord(districtId, 'el viernes', '--kind', 'threat')).toMatchObject({ code: 0 })
    expect(await addWord(districtId, 'zopenco', '--kind', 'abuse')).toMatchObject({ code: 0 })
    await its.database.superuser.query(`insert into nudge_counts values ($1, current_date, 'revised', 3)`, [districtId])
    expect(await listWords(districtId)).toEqual({
      words: [
        { language: 'es', term: 'el viernes', kind: 'threat' },
        { language: 'es', term: 'zopenco', kind: 'abuse' },
      ],
      nudges: [{ day: expect.any(String), outcome: 'revised', count: 3 }],
    })
    const remove = ['remove-word', '--district', districtId, '--term', 'zopenco', '--language', 'es', ...asked]
    expect((await its.run(...remove)).code).toBe(0)
    expect((await its.run(...remove)).code).toBe(1)
    expect((await listWords(districtId)).words).toHaveLength(1)
    const { rows } = await its.database.superuser.query<{ action: string; details: object }>(
      `select action, details from audit_entries where district_id = $1 and action like 'district-word.%' order by id`,
      [districtId],
    )
    expect(rows.map(({ action }) => action)).toEqual([
      'district-word.add',
      'district-word.add',
      'district-word.add',
      'district-word.remove',
    ])
    expect(JSON.stringify(rows)).not.toMatch(/zopenco|viernes/)
  })

  test('are not added when wrongly said, or for a district that is not there', async () => {
    const { districtId } = await its.made()
    expect((await addWord(districtId, 'x')).code).toBe(2)
    expect((await addWord(districtId, 'word', '--kind', 'rude')).code).toBe(2)
    expect((await addWord(districtId, 'word', '--language', 'Spanish')).code).toBe(2)
    expect((await addWord(operationsDistrictId, 'word')).code).toBe(1)
    expect((await listWords(districtId)).words).toEqual([])
  })
})

type Settings = {
  timeZone: string
  brake: { percent: number; rows: number }
  custody: { column: string; permitted: string[]; denied: string[] } | null
  quietHours: { from: string; until: string }
  language: string
  languageColumn: string | null
  translation: { budget: number | null; formality: string | null; isProfanityMasked: boolean }
}
const settingsOf = async (districtId: string) =>
  JSON.parse((await its.run('settings', '--district', districtId, '--json')).stdout) as Settings
const set = (districtId: string, ...more: string[]) => its.run('set', '--district', districtId, ...asked, ...more)

describe('what a district was made with', () => {
  test('is said anew one by one, the rest stays, and each change stands in the audit log with who, why, before and after', async () => {
    const { districtId } = await its.made()
    const rest = {
      quietHours: expect.anything(),
      language: 'en',
      languageColumn: 'metadata.homeLanguage',
      translation: expect.anything(),
    } as object
    const made = { timeZone: 'America/Chicago', brake: { percent: 10, rows: 25 }, custody: null, ...rest }
    expect(await settingsOf(districtId)).toEqual(made)
    const custody = ['--custody-column', 'metadata.custody', '--custody-permitted', 'yes, joint', '--custody-denied', 'no']
    expect(await set(districtId, ...custody)).toMatchObject({ code: 0, stderr: '' })
    const told = { column: 'metadata.custody', permitted: ['yes', 'joint'], denied: ['no'] }
    expect(await settingsOf(districtId)).toEqual({ ...made, custody: told })
    const changed = await set(districtId, '--brake-percent', '5', '--time-zone', 'Pacific/Guam', '--json')
    const after = { timeZone: 'Pacific/Guam', brake: { percent: 5, rows: 25 }, custody: told, ...rest }
    expect(JSON.parse(changed.stdout)).toEqual({ outcome: 'set', before: { ...made, custody: told }, after })
    expect(await settingsOf(districtId)).toEqual(after)
    // Said again, nothing is done.
    expect((await set(districtId, '--brake-percent', '5')).stdout).toContain('so already')
    const { rows } = await its.database.superuser.query<{ actor_kind: string; reason: string; details: Record<string, unknown> }>(
      `select actor_kind, reason, details from audit_entries where district_id = $1 and action = 'district.set' order by id`,
      [districtId],
    )
    const act = { actor_kind: 'staff', reason: 'the superintendent wrote to us' }
    expect(rows).toMatchObject([
      { ...act, details: { beforeCustodyColumn: null, afterCustodyColumn: 'metadata.custody', afterCustodyPermitted: 'yes,joint' } },
      {
        ...act,
        details: { beforeTimeZone: 'America/Chicago', afterTimeZone: 'Pacific/Guam', beforeBrakePercent: 10, afterBrakePercent: 5 },
      },
    ])
  })

  test('counts at the next read where it is the time zone: a term that has begun there has not begun elsewhere', async () => {
    const { superuser } = its.database
    const { districtId, teacherId, studentId } = await createSampleDistrict(superuser)
    const teacher = await its.callerOf(districtId, teacherId)
    const { id } = (await teacher<{ id: string }>('POST', '/v1/channels', { studentId })).body
    await superuser.query(`update terms set begins = (now() at time zone 'Pacific/Guam')::date where district_id = $1`, [districtId])
    const seen: [boolean, number][] = []
    for (const zone of ['Pacific/Guam', 'Pacific/Pago_Pago', 'Pacific/Guam']) {
      await changeDistrict(its.source, 'set', { district: districtId, 'time-zone': zone, reason: 'asked' })
      const { rows } = await superuser.query<{ hasBegun: boolean }>(
        'select bool_and(begins <= (now() at time zone $2)::date) as "hasBegun" from terms where district_id = $1',
        [districtId, zone],
      )
      seen.push([rows[0]?.hasBegun === true, (await teacher('GET', `/v1/channels/${id}`)).status])
    }
    expect(seen).toEqual(seen.map(([hasBegun]) => [hasBegun, hasBegun ? 200 : 404]))
    expect(seen[0]).toEqual([true, 200])
  })

  test('is not set when it is wrongly said, without a reason, for a district that is not there, or while its roster is being changed', async () => {
    const { districtId } = await its.made()
    const before = await settingsOf(districtId)
    const wrong: [string, Parameters<typeof changeDistrict>[2]][] = [
      ['say what is to be set', {}],
      ['--time-zone must be', { 'time-zone': 'Europe/Berlin' }],
      ['--brake-percent must be', { 'brake-percent': '101' }],
      ['--brake-rows must be', { 'brake-rows': '-1' }],
      ['need --custody-column', { 'custody-permitted': 'yes' }],
      ['--reason must be given', { 'brake-rows': '1', reason: ' ' }],
      ['no such district', { 'brake-rows': '1', district: operationsDistrictId }],
    ]
    for (const [why, values] of wrong)
      await expect(changeDistrict(its.source, 'set', { district: districtId, reason: 'asked', ...values })).rejects.toThrow(why)
    const lock = `(hashtextextended('roster:${districtId}', 0))`
    await its.database.superuser.query(`select pg_advisory_lock${lock}`)
    const early = await set(districtId, '--brake-rows', '1')
    await its.database.superuser.query(`select pg_advisory_unlock${lock}`)
    expect(early).toMatchObject({ code: 1, stdout: '', stderr: expect.stringContaining('again in a minute') as string })
    expect(await settingsOf(districtId)).toEqual(before)
  })
})

describe('when a district is quiet, its language, and how it has messages translated', () => {
  test('is what is said last, with who, why and what was before in the audit log', async () => {
    const { districtId } = await its.made()
    const made = {
      quietHours: { from: '21:00', until: '07:00' },
      language: 'en',
      translation: { budget: null, formality: null, isProfanityMasked: false },
    }
    expect(await settingsOf(districtId)).toMatchObject(made)
    await set(districtId, '--quiet-from', '18:30', '--language', 'es-mx')
    const translating = ['--translation-budget', '2000000', '--translation-formality', 'formal', '--mask-profanity', 'yes']
    expect(await set(districtId, ...translating)).toMatchObject({ code: 0, stderr: '' })
    expect(await settingsOf(districtId)).toMatchObject({
      quietHours: { from: '18:30', until: '07:00' },
      language: 'es-MX',
      translation: { budget: 2_000_000, formality: 'formal', isProfanityMasked: true },
    })
    expect((await set(districtId, '--translation-budget', 'none', '--translation-formality', 'none')).code).toBe(0)
    expect((await settingsOf(districtId)).translation).toEqual({ budget: null, formality: null, isProfanityMasked: true })
    const { rows } = await its.database.superuser.query<{ details: Record<string, unknown> }>(
      `select details from audit_entries where district_id = $1 and action = 'district.set' order by id`,
      [districtId],
    )
    expect(rows.map(({ details }) => details)).toMatchObject([
      { beforeQuietFrom: 1_260, afterQuietFrom: 1_110, afterQuietUntil: 420, beforeLanguage: 'en', afterLanguage: 'es-MX' },
      {
        beforeTranslationBudget: null,
        afterTranslationBudget: 2_000_000,
        afterTranslationFormality: 'formal',
        afterIsProfanityMasked: true,
      },
      { beforeTranslationBudget: 2_000_000, afterTranslationBudget: null, afterTranslationFormality: null },
    ])
  })

  test('is shown to its administrators by the API, with how much of the budget is used', async () => {
    const { districtId, administratorId } = await its.made()
    const change = { district: districtId, 'translation-budget': '5000', 'translation-formality': 'informal', reason: 'asked' }
    await changeDistrict(its.source, 'set', change)
    const used = `insert into translation_usage (district_id, month, characters)
      select id, date_trunc('month', (now() at time zone time_zone) - make_interval(months => $2))::date, $3 from districts where id = $1`
    for (const [monthsAgo, characters] of [
      [0, 1_234],
      [1, 4_000],
    ])
      await its.database.superuser.query(used, [districtId, monthsAgo, characters])
    const administrator = await its.callerOf(districtId, administratorId)
    expect((await administrator('GET', `/v1/districts/${districtId}/settings`)).body).toEqual({
      timeZone: 'America/Chicago',
      brake: { percent: 10, rows: 25 },
      custody: null,
      quietHours: { from: '21:00', until: '07:00' },
      language: 'en',
      languageColumn: 'metadata.homeLanguage',
      translation: { budget: 5_000, usedThisMonth: 1_234, formality: 'informal', isProfanityMasked: false },
    })
  })

  test('is not set when it is wrongly said', async () => {
    const { districtId } = await its.made()
    const before = await settingsOf(districtId)
    const wrong: [string, Parameters<typeof changeDistrict>[2]][] = [
      ['--quiet-from must be', { 'quiet-from': '24:00' }],
      ['--quiet-until must be', { 'quiet-from': '18:30', 'quiet-until': '8:00' }],
      ['--language must be', { language: 'Spanish!' }],
      ['--translation-budget must be', { 'translation-budget': '-1' }],
      ['--translation-formality must be', { 'translation-formality': 'polite' }],
      ['--mask-profanity must be', { 'mask-profanity': 'true' }],
    ]
    for (const [why, values] of wrong)
      await expect(changeDistrict(its.source, 'set', { district: districtId, reason: 'asked', ...values })).rejects.toThrow(why)
    expect(await settingsOf(districtId)).toEqual(before)
  })
})
