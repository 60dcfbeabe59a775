import { afterAll, beforeAll, expect, test, vi } from 'vitest'
import { createClient } from '../../api/client.ts'
import { findAdministrator } from '../../demo/district/makeDistrict.ts'
import { openSampleDistricts, type OpenDistrict } from '../../demo/district/openSampleDistricts.ts'
import { homeLanguages } from '../../demo/scenes/homeLanguages.ts'
import { isCheckMet } from '../../demo/scenes/scene.ts'
import { createAttachmentWorld, type AttachmentWorld } from '../support/attachmentWorld.ts'
import { testRosterPace } from '../support/rosterActs.ts'
import { startApiProcess, type ApiProcess } from '../support/startApiProcess.ts'

let world: AttachmentWorld
let api: ApiProcess
let district: OpenDistrict
let apiUrl: string

beforeAll(async () => {
  world = await createAttachmentWorld({ rosterPace: testRosterPace, translation: null })
  api = startApiProcess(world)
  await world.startWorkers()
  apiUrl = await api.url
  const { owner, sweeper, app } = world.database.urls
  const keyFolder = world.environment['KEY_FILE'] ?? ''
  district = (await openSampleDistricts({ databases: { owner, sweeper, app }, keyFolder, apiUrl, storeUrl: null })).sample
}, 400_000)
afterAll(async () => {
  await api?.kill('SIGKILL')
  await world?.close()
})

test('a demo on a machine that translates nothing says so and why, shows the originals, and shows nothing that would be a translation', async () => {
  const problem = 'Apertium: not installed'
  const { checks, notes } = await homeLanguages({
    apiUrl,
    district,
    administrator: createClient(apiUrl, await district.signIn(findAdministrator(district.rows).sourcedId)),
    translation: { endpoint: null, problem },
    patienceMs: 60_000,
    signal: AbortSignal.timeout(120_000),
  })
  expect(checks.filter((check) => !isCheckMet(check))).toEqual([])
  expect(checks.map(({ what }) => what)).toEqual(
    expect.arrayContaining([
      'a guardian reads it as it was written',
      'and is told when asking for Spanish that there are no translations now',
    ]),
  )
  expect(notes).toContain(`translations are off on this machine: ${problem}`)
  // What nobody waited for comes to its end by itself.
  await vi.waitFor(
    async () => {
      const { rows } = await world.database.superuser.query('select distinct state, reason, body from translations')
      expect(rows).toEqual([{ state: 'failed', reason: 'not-configured', body: null }])
    },
    { timeout: 60_000, interval: 200 },
  )
})
