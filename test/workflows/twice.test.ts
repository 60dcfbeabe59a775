import { CancelledFailure } from '@temporalio/common'
import { afterAll, beforeAll, describe, expect, inject, test } from 'vitest'
import { createAttachmentActivities } from '../../activities/createAttachmentActivities.ts'
import { createStreamActivities } from '../../activities/createStreamActivities.ts'
import { createScanTurns } from '../../activities/scanTurns.ts'
import type { Inspection } from '../../activities/inspection.ts'
import { makeEicar } from '../../demo/corpus/eicar.ts'
import type { AttachmentRef } from '../../workflows/contract.ts'
import { createAttachmentWorld, testPace, type AttachmentWorld } from '../support/attachmentWorld.ts'
import { withCanary } from '../support/canary.ts'
import { inActivity } from '../support/inActivity.ts'
import { openStored } from '../support/openStored.ts'
import { present } from '../support/present.ts'
import { startTcpGate, type TcpGate } from '../support/tcpGate.ts'

let world: AttachmentWorld
let gate: TcpGate
let act: ReturnType<typeof createAttachmentActivities> & ReturnType<typeof createStreamActivities>
/** While the clean bucket takes nothing: what passes is left to the release. */
let inspectOnly: typeof act.inspectObject
beforeAll(async () => {
  gate = await startTcpGate(inject('stack').clamd)
  world = await createAttachmentWorld({ clamd: { host: '127.0.0.1', port: gate.port } })
  const deps = {
    ...world.adapters,
    spoolFolder: world.config.spoolFolder,
    pace: testPace,
    quarantineDays: 1,
    malwareBurstCount: 20,
    temporal: world.config.temporal,
    attachmentsQueue: world.config.taskQueues.attachments,
  }
  const streamDeps = { ...deps, isIsolated: false, turns: createScanTurns({ atOnce: 4, limitMs: 60_000 }) }
  const full = { ...deps.clean, write: () => Promise.reject(Object.assign(new Error('full'), { code: 'ENOSPC' })) }
  act = { ...createAttachmentActivities(deps), ...createStreamActivities(streamDeps) }
  inspectOnly = createStreamActivities({ ...streamDeps, clean: full }).inspectObject
})
afterAll(async () => {
  await world?.close()
  await gate?.stop()
})

/** An attachment whose version is pinned, and what its inspection found. */
const inspected = async (content: Buffer): Promise<{ ref: AttachmentRef; inspection: Inspection }> => {
  const ref = await pinned(content)
  const answer = await inActivity(() => inspectOnly(ref))
  if (answer.outcome !== 'inspected') throw new Error(`not inspected but ${answer.outcome}`)
  return { ref, inspection: answer.inspection }
}

const pinned = async (content: Buffer): Promise<AttachmentRef> => {
  const id = await world.addTicket()
  await world.upload(id, content)
  await world.complete(id)
  const ref = { districtId: world.channel.districtId, attachmentId: id, attempt: 1 }
  expect(await inActivity(() => act.pinVersion(ref))).toMatchObject({ outcome: 'pinned' })
  return ref
}
const harmless = (): Buffer => Buffer.from(withCanary('done twice'))
const count = async (role: 'clean' | 'quarantine' | 'incoming') => (await world.buckets.listAll(role)).length

describe('two tries of one step at the same moment (law 8)', () => {
  test('of an inspection that stores what passed leave one object, the one that the row names', async () => {
    const ref = await pinned(harmless())
    const before = await count('clean')
    const answers = await Promise.all([1, 2, 3].map(() => inActivity(() => act.inspectObject(ref))))
    for (const answer of answers) expect(answer).toMatchObject({ outcome: 'placed', inspection: { verdict: 'clean' } })
    expect(await count('clean')).toBe(before + 1)
    const key = present((await world.row(ref.attachmentId)).clean_key)
    expect((await openStored(world, 'clean', key)).plaintext.toString()).toContain('done twice')
  })

  test('that find the clean bucket closed keep what was found, store nothing, and leave no key behind', async () => {
    const ref = await pinned(harmless())
    const before = await count('clean')
    const { rowCount: keysBefore } = await world.database.superuser.query('select 1 from keys.object_keys')
    expect(await inActivity(() => inspectOnly(ref))).toMatchObject({ outcome: 'inspected', inspection: { verdict: 'clean' } })
    expect(await count('clean')).toBe(before)
    expect((await world.database.superuser.query('select 1 from keys.object_keys')).rowCount).toBe(keysBefore)
    expect(await world.row(ref.attachmentId)).toMatchObject({ state: 'scanning', verdict: null })
  })

  test('of a release leave one object, the one that the row names', async () => {
    const { ref, inspection } = await inspected(harmless())
    const before = await count('clean')
    const answers = await Promise.all([1, 2, 3].map(() => inActivity(() => act.releaseObject(ref, inspection))))
    for (const answer of answers) expect(answer).toMatchObject({ outcome: 'placed', inspection: { verdict: 'clean' } })
    expect(await count('clean')).toBe(before + 1)
    const key = present((await world.row(ref.attachmentId)).clean_key)
    expect((await openStored(world, 'clean', key)).plaintext.toString()).toContain('done twice')
    const { rowCount } = await world.database.superuser.query('select 1 from keys.object_keys')
    expect(rowCount).toBe((await count('clean')) + (await count('quarantine')))
  })

  test('whose first answer was lost give the same answer again, and write nothing', async () => {
    const { ref, inspection } = await inspected(harmless())
    const first = await inActivity(() => act.releaseObject(ref, inspection))
    const before = await count('clean')
    expect(await inActivity(() => act.releaseObject(ref, inspection))).toEqual(first)
    expect(await inActivity(() => act.pinVersion(ref))).toMatchObject({ outcome: 'placed', inspection: { verdict: 'clean' } })
    expect(await inActivity(() => act.inspectObject(ref))).toMatchObject({ outcome: 'placed', inspection: { verdict: 'clean' } })
    expect(await count('clean')).toBe(before)
  })

  test('of a quarantine leave one object', async () => {
    const { ref, inspection } = await inspected(makeEicar())
    const before = await count('quarantine')
    await Promise.all([1, 2, 3].map(() => inActivity(() => act.quarantineObject(ref, inspection))))
    expect(await count('quarantine')).toBe(before + 1)
  })

  test('of the last steps change nothing the second time', async () => {
    const { ref, inspection } = await inspected(harmless())
    await inActivity(() => act.releaseObject(ref, inspection))
    expect(await inActivity(() => act.removeIncoming(ref))).toEqual({ outcome: 'removed', versions: 1 })
    expect(await inActivity(() => act.removeIncoming(ref))).toEqual({ outcome: 'removed', versions: 0 })
    expect(await inActivity(() => act.closeAttachment(ref))).toEqual({ outcome: 'closed' })
    expect(await inActivity(() => act.closeAttachment(ref))).toEqual({ outcome: 'closed' })
    await inActivity(() => act.recordFailure(ref, 'TooLate'))
    expect(await world.row(ref.attachmentId)).toMatchObject({ state: 'clean' })
  })
})

describe('a try of an attempt that was given up', () => {
  test('places nothing, removes nothing and closes nothing', async () => {
    const { ref, inspection } = await inspected(harmless())
    await world.database.superuser.query('update attachments set attempt = 2 where id = $1', [ref.attachmentId])
    const before = { clean: await count('clean'), incoming: await count('incoming') }
    expect(await inActivity(() => act.releaseObject(ref, inspection))).toEqual({ outcome: 'superseded' })
    expect(await inActivity(() => act.removeIncoming(ref))).toEqual({ outcome: 'superseded' })
    expect(await inActivity(() => act.closeAttachment(ref))).toEqual({ outcome: 'superseded' })
    expect({ clean: await count('clean'), incoming: await count('incoming') }).toEqual(before)
    expect(await world.row(ref.attachmentId)).toMatchObject({ state: 'scanning', verdict: null })
  })
})

describe('the bytes that are released', () => {
  test('are the inspected ones: others under the pinned version are never stored', async () => {
    const { ref, inspection } = await inspected(harmless())
    const before = await count('clean')
    const other = { ...inspection, sha256: '0'.repeat(64) }
    await expect(inActivity(() => act.releaseObject(ref, other))).rejects.toMatchObject({ type: 'HashMismatch', nonRetryable: true })
    expect(await count('clean')).toBe(before)
    expect(await world.row(ref.attachmentId)).toMatchObject({ clean_key: null })
  })

  test('were found clean: nothing else is ever released', async () => {
    const { ref, inspection } = await inspected(makeEicar())
    await expect(inActivity(() => act.releaseObject(ref, inspection))).rejects.toMatchObject({ type: 'VerdictInvalid', nonRetryable: true })
  })
})

describe('a cancelled scan', () => {
  test('ends at once, as a cancellation, and gives no verdict', async () => {
    const { ref } = await inspected(harmless())
    gate.set('held')
    const cancellation = new AbortController()
    const scan = inActivity(() => act.inspectObject(ref), cancellation)
    await gate.waiting()
    cancellation.abort(new CancelledFailure('cancelled'))
    await expect(scan).rejects.toBeInstanceOf(CancelledFailure)
    gate.set('open')
    expect(await world.row(ref.attachmentId)).toMatchObject({ state: 'scanning', verdict: null })
  })
})
