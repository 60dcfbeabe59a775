import { afterAll, beforeAll, expect, test } from 'vitest'
import { v7 as newId } from 'uuid'
import type { Caller } from '../support/callApi.ts'
import { withCanary } from '../support/canary.ts'
import { smallTown } from '../support/districtSpecs.ts'
import { personRecord, ref, toEvent } from '../support/eventRecords.ts'
import { personRows, toFeedRows } from '../support/rosterRows.ts'
import { openRosterCounty, type RosterCounty, type RosterTown } from '../support/rosterTown.ts'

let county: RosterCounty
beforeAll(async () => {
  county = await openRosterCounty()
})
afterAll(() => county?.close())

type Me = { preferredLanguage: string; languages: { own: string | null; roster: string | null; district: string } }
const kid = { id: 'kid', role: 'student', agents: ['mum', 'dad'] } as const
const root = { id: 'root', role: 'staff' } as const
const kidSpeaks = (language: string) => ({
  ...smallTown,
  people: smallTown.people.map((one) => (one.id === 'kid' ? { ...one, language } : one)),
})
/** A later feed has the administrator too, whom `addTown` adds to the first. */
const later = (language: string) => ({ ...kidSpeaks(language), people: [...kidSpeaks(language).people, root] })
const languagesOf = async (call: Caller) => {
  const { preferredLanguage, languages } = (await call<Me>('GET', '/v1/me')).body
  return [preferredLanguage, languages.own, languages.roster, languages.district]
}
const event = (town: RosterTown, metadata?: object) =>
  town.administrator<{ outcome: string }>(
    'POST',
    town.path,
    toEvent('users', 'updated', { data: personRecord('kid', 'student', { agents: kid.agents.map(ref), metadata }) }),
  )
const say = async (call: Caller, language: string | null) => (await call('PUT', '/v1/me/language', { language })).status

test('somebody is written to in their own language, else in the roster’s, else in the district’s, and may go back', async () => {
  const town = await county.addTown(kidSpeaks('vi'))
  const call = await town.callAs('kid')
  expect(await languagesOf(call)).toEqual(['vi', null, 'vi', 'en'])
  expect(await say(call, 'ca')).toBe(204)
  expect(await languagesOf(call)).toEqual(['ca', 'ca', 'vi', 'en'])
  // What the roster says later does not touch what the person said.
  await county.room.sync(town.districtId, { rows: toFeedRows(later('es')) })
  expect(await languagesOf(call)).toEqual(['ca', 'ca', 'es', 'en'])
  expect(await say(call, null)).toBe(204)
  expect(await languagesOf(call)).toEqual(['es', null, 'es', 'en'])
  await county.room.sync(town.districtId, { rows: toFeedRows(later('')) })
  expect(await languagesOf(call)).toEqual(['en', null, null, 'en'])
})

test('each feed, delta and event says it anew, and a change of it alone is a change of the person in the history', async () => {
  const town = await county.addTown(kidSpeaks(''))
  const call = await town.callAs('kid')
  const delta = await county.room.sync(town.districtId, { mode: 'delta', rows: { users: personRows({ ...kid, language: 'vi' }) } })
  expect(delta).toMatchObject({ outcome: 'applied', endings: 0, counts: [{ subject: 'user', added: 0, changed: 1, removed: 0 }] })
  expect(await languagesOf(call)).toEqual(['vi', null, 'vi', 'en'])
  expect((await event(town, { homeLanguage: 'Spanish' })).body.outcome).toBe('applied')
  expect(await languagesOf(call)).toEqual(['es', null, 'es', 'en'])
  expect((await event(town, { homeLanguage: 'spa' })).body.outcome).toBe('unchanged')
  // No event is refused for a language, and what is not understood is not kept.
  expect(await event(town, { homeLanguage: 'Quuxish' })).toMatchObject({ status: 200, body: { outcome: 'applied' } })
  expect(await languagesOf(call)).toEqual(['en', null, null, 'en'])
  const { rows } = await county.room.test.superuser.query(
    `select c.change, c.reason from roster_changes c where c.district_id = $1 and c.subject = 'user' and c.subject_id = $2 order by c.version`,
    [town.districtId, await town.idOf('kid')],
  )
  expect(rows.map(({ change, reason }) => `${change} ${reason}`)).toEqual(['added in-feed', ...Array(3).fill('changed in-feed')])
})

test('a message is translated without being asked into the language that the roster says, unless its recipient said another', async () => {
  const town = await county.addTown(kidSpeaks('vi'))
  const [ana, call] = [await town.callAs('ana'), await town.callAs('kid')]
  await say(ana, 'en')
  const { body: channel } = await ana<{ id: string }>('POST', '/v1/channels', { studentId: await town.idOf('kid') })
  const asked = async (): Promise<string[]> => {
    const id = newId()
    const text = withCanary('Good morning, the excursion begins tomorrow at nine')
    expect((await ana('POST', `/v1/channels/${channel.id}/messages`, { id, text })).status).toBe(201)
    const { rows } = await county.room.test.superuser.query<{ language: string }>(
      'select language from translations where message_id = $1',
      [id],
    )
    return rows.map(({ language }) => language)
  }
  expect(await asked()).toEqual(['vi'])
  await say(call, 'ca')
  expect(await asked()).toEqual(['ca'])
  await say(call, null)
  await event(town)
  expect(await asked()).toEqual([])
  await county.room.test.superuser.query(`update districts set default_language = 'fr' where id = $1`, [town.districtId])
  expect(await asked()).toEqual(['fr'])
})
