import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { Database } from '../../db/openDatabase.ts'
import { closeScan } from '../../db/queries/closeScan.ts'
import { deleteAttachment } from '../../db/queries/deleteAttachment.ts'
import type { StartFor } from '../../db/queries/enqueueWorkflow.ts'
import { pinVersion } from '../../db/queries/pinVersion.ts'
import { placeVerdict } from '../../db/queries/placeVerdict.ts'
import { recordDownload } from '../../db/queries/recordDownload.ts'
import { recordFailure } from '../../db/queries/recordFailure.ts'
import { replayAttachment } from '../../db/queries/replayAttachment.ts'
import { createTestDatabase } from '../support/database.ts'
import type { TestDatabase } from '../support/database.ts'
import { startFor, createTicketWorld, complete, stateOf, auditOf, findings } from './ticketWorld.ts'

let test: TestDatabase
let app: Database

beforeAll(async () => {
  test = await createTestDatabase()
  app = await test.open('app')
})
afterAll(() => test?.close())

const createWorld = () => createTicketWorld(test, app)

const removal: StartFor = (ref) => ({
  ...startFor(ref),
  type: 'removeAttachment',
  workflowId: `remove-attachment:${ref.attachmentId}:${ref.attempt}`,
})

describe('a run', () => {
  it('pins one version for good', async () => {
    const world = await createWorld()
    await complete(world)
    const pin = (versionId: string, attempt = 1) => world.in((tx) => pinVersion(tx, { ...world, attempt, versionId }))
    expect([await pin('v1'), await pin('v1'), await pin('v2'), await pin('v1', 2)]).toEqual([true, true, false, false])
    expect(await stateOf(world)).toMatchObject({ incoming_version_id: 'v1' })
  })

  it('of an earlier attempt writes nothing after a replay', async () => {
    const world = await createWorld()
    await complete(world)
    const start = await world.in((tx) => replayAttachment(tx, { ...world, attempt: 1, actor: { kind: 'staff', name: 'oncall' }, startFor }))
    expect(start).toMatchObject({ workflowId: `scan-attachment:${world.attachmentId}:2` })
    const clean = { verdict: 'clean', cleanKey: 'k', cleanBytes: 1, cleanContentType: 'application/pdf' } as const
    expect(await world.in((tx) => placeVerdict(tx, world.attachmentId, 1, { ...findings, ...clean }))).toBe(false)
    expect(await world.in((tx) => closeScan(tx, world.attachmentId, 1))).toBeNull()
    expect(await world.in((tx) => recordFailure(tx, { ...world, attempt: 1 }, 'Fault'))).toBe(false)
    expect(await stateOf(world)).toMatchObject({ state: 'scanning', attempt: 2, verdict: null })
  })

  it('never turns infected into clean', async () => {
    const world = await createWorld()
    await complete(world)
    const infected = { verdict: 'infected', quarantineKey: `q-${world.attachmentId}`, quarantineDays: 30 } as const
    const clean = { verdict: 'clean', cleanKey: 'k', cleanBytes: 1, cleanContentType: 'application/pdf' } as const
    expect(await world.in((tx) => placeVerdict(tx, world.attachmentId, 1, { ...findings, ...infected }))).toBe(true)
    expect(await world.in((tx) => placeVerdict(tx, world.attachmentId, 1, { ...findings, ...clean }))).toBe(false)
    expect(await world.in((tx) => closeScan(tx, world.attachmentId, 1))).toBe('quarantined')
    expect(await world.in((tx) => recordDownload(tx, { ...world, actorId: world.teacherId }))).toBeNull()
    expect(await world.in((tx) => deleteAttachment(tx, { ...world, actorId: world.teacherId, startFor }))).toBeNull()
  })

  it('loses to the uploader who deletes meanwhile', async () => {
    const world = await createWorld()
    await complete(world)
    expect(await world.in((tx) => deleteAttachment(tx, { ...world, actorId: world.teacherId, startFor: removal }))).toMatchObject({
      type: 'removeAttachment',
    })
    const clean = { verdict: 'clean', cleanKey: 'k', cleanBytes: 1, cleanContentType: 'application/pdf' } as const
    expect(await world.in((tx) => placeVerdict(tx, world.attachmentId, 1, { ...findings, ...clean }))).toBe(false)
    expect([(await stateOf(world)).state, await auditOf(world)]).toEqual(['deleted', ['attachment.complete', 'attachment.delete']])
  })
})

describe('the table itself', () => {
  it.each([
    `state = 'clean'`,
    `state = 'clean', verdict = 'clean'`,
    `state = 'clean', verdict = 'unscannable', clean_key = 'k'`,
    `state = 'clean', clean_key = 'k'`,
    `state = 'quarantined', verdict = 'clean'`,
    `state = 'refused', verdict = 'unscannable'`,
  ])('refuses even a superuser an attachment with %s', async (change) => {
    const world = await createWorld()
    await expect(test.superuser.query(`update attachments set ${change} where id = $1`, [world.attachmentId])).rejects.toThrow(
      'check constraint',
    )
  })

  it('refuses a district a limit beyond what the scanner sees whole', async () => {
    const { districtId } = await createWorld()
    const change = test.superuser.query('update districts set upload_bytes_max = 95 * 1024 * 1024 + 1 where id = $1', [districtId])
    await expect(change).rejects.toThrow('check constraint')
  })
})
