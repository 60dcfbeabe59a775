/** `docs/temporal-ui.md` promises that its queries work: each is run as an engineer would paste it. */
import { randomUUID } from 'node:crypto'
import { readFile } from 'node:fs/promises'
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest'
import { relayOutbox } from '../../worker/relayOutbox.ts'
import { decideRemovalId, scanAttachmentId, syncRosterId } from '../../workflows/contract.ts'
import { createAttachmentWorld, type AttachmentWorld } from '../support/attachmentWorld.ts'
import { withCanary } from '../support/canary.ts'
import { present } from '../support/present.ts'
import { createRosterActs, packBulk, testRosterPace, withoutStudent } from '../support/rosterActs.ts'

const page = await readFile(new URL('../../docs/temporal-ui.md', import.meta.url), 'utf8')
const views = [...(page.split('## Saved filters')[1] ?? '').matchAll(/^\| ([^|`]+) \| `([^`]+)` \|$/gm)].map(
  ([, view = '', query = '']) => ({
    view,
    query,
  }),
)

let world: AttachmentWorld
let ids: { clean: string; failed: string; held: string }
beforeAll(async () => {
  world = await createAttachmentWorld({ rosterPace: testRosterPace })
  await world.startWorkers()
  const clean = await world.send(Buffer.from(withCanary('seen in the UI')), 'text/plain')
  const failed = await world.addTicket()
  await world.upload(failed, Buffer.from(withCanary('failing')))
  const start = await world.complete(failed)
  await world.database.superuser.query(`update attachments set incoming_version_id = 'gone' where id = $1`, [failed])
  await world.start(start)
  await world.scanOutcome(clean)
  await world.scanOutcome(failed).catch(() => undefined)
  ids = { clean, failed, held: await sendHeldFeed() }
})
afterAll(() => world?.close())

/** A feed that lacks a student, in a district whose brake lets nobody go. */
const sendHeldFeed = async (): Promise<string> => {
  const district = await createRosterActs(world, { percent: 0, rows: 0 })
  for (const zip of [await packBulk(), await packBulk(withoutStudent)]) {
    const syncId = await district.send(zip)
    const { outcome } = (await district.syncOf(syncId).result()) as { outcome: string }
    if (outcome === 'partly-applied') return syncId
  }
  throw new Error('the brake held nothing')
}

const values = (): Record<string, string> => ({
  '{attachment id}': ids.clean,
  '{sync id}': ids.held,
  '{translation id}': randomUUID(),
  '{district id}': world.channel.districtId,
  '{ten minutes ago}': new Date(Date.now() - 600_000).toISOString(),
  '{build id}': '0123456789abcdef',
})
const find = async (query: string): Promise<string[]> => {
  const filled = Object.entries(values()).reduce((text, [name, value]) => text.replaceAll(name, value), query)
  expect(filled).not.toMatch(/[{}]/)
  const found: string[] = []
  for await (const { workflowId } of world.adapters.client.workflow.list({ query: filled })) found.push(workflowId)
  return found
}
const ofView = (start: string): string => present(views.find(({ view }) => view.startsWith(start))).query
const eventually = (check: () => Promise<void>) => vi.waitFor(check, { timeout: 20_000, interval: 200 })

describe('docs/temporal-ui.md', () => {
  test('has a query for each question that on-call asks', () => {
    expect(views.length).toBeGreaterThanOrEqual(16)
  })

  test.each(views)('the server takes the query of "$view"', async ({ query }) => {
    await expect(find(query)).resolves.toBeInstanceOf(Array)
  })

  test('the queries find what they say, and nothing else', async () => {
    const [clean, failed] = [scanAttachmentId(ids.clean, 1), scanAttachmentId(ids.failed, 1)]
    await eventually(async () => {
      expect(await find(ofView('One attachment'))).toEqual([clean])
      expect((await find(ofView('One district'))).toSorted()).toEqual([clean, failed].toSorted())
      expect(await find(ofView('One district, not done'))).toEqual([])
      const failures = await find(ofView('Failed'))
      expect(failures).toContain(failed)
      expect(failures).not.toContain(clean)
    })
  })
})

describe('a sync that the brake held', () => {
  test('is found with the run that waits for the decision, and that among all that wait', async () => {
    await relayOutbox({ relay: world.adapters.relay, client: world.adapters.client, ageSeconds: 0 })
    const [synced, waiting] = [syncRosterId(ids.held, 1), decideRemovalId(ids.held)]
    await eventually(async () => {
      expect((await find(ofView('One feed'))).toSorted()).toEqual([synced, waiting].toSorted())
      expect(await find(ofView('Removals that wait for their district'))).toContain(waiting)
      expect(await find(ofView('Feeds under way'))).not.toContain(synced)
    })
  })
})

describe('a run in the UI', () => {
  test('says what it works on, where it is, and how on-call goes on', async () => {
    const { staticSummary, staticDetails, currentDetails } = await readWords(ids.clean)
    expect(await staticSummary()).toBe(`scan attachment ${ids.clean}`)
    expect(await staticDetails()).toContain(`oncall -- scans show ${ids.clean}`)
    expect(currentDetails).toContain('done')
  })
})

const readWords = async (id: string) => {
  const handle = world.adapters.client.workflow.getHandle(scanAttachmentId(id, 1))
  const described = await handle.describe()
  const metadata = await handle.query<{ currentDetails?: string }>('__temporal_workflow_metadata')
  return {
    staticSummary: () => described.staticSummary(),
    staticDetails: () => described.staticDetails(),
    currentDetails: metadata.currentDetails ?? '',
  }
}
