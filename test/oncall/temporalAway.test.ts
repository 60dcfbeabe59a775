import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { scanAttachmentId } from '../../workflows/contract.ts'
import type { AttachmentWorld } from '../support/attachmentWorld.ts'
import { openScannedWorld } from '../support/openScannedWorld.ts'
import { deadTemporal, readActs, readEverything, typedBy } from '../support/readOncallActs.ts'
import { askOncall, runOncall } from '../support/runOncall.ts'
import { sealActs } from '../support/sealActs.ts'

// No API and no relay runs in this world, and every command is run as the process that responders start.
let world: AttachmentWorld
let infected: string
let districtId: string

beforeAll(async () => {
  ;({ world, infected } = await openScannedWorld())
  districtId = world.channel.districtId
})
afterAll(() => world?.close())

describe('while Temporal is away', () => {
  test('scans are listed from their rows, and the answer says so', async () => {
    const { code, stdout } = await runOncall(world, ['scans', 'list', '--stage', 'quarantined'], deadTemporal)
    expect(code).toBe(0)
    expect(stdout).toContain('Temporal does not answer')
    expect(stdout).toContain(infected)
  })

  test('nobody can say which scans are lost: that is a failure and no empty list', async () => {
    expect(await askOncall(world, ['scans', 'list', '--stage', 'lost'], deadTemporal)).toMatchObject({
      code: 1,
      document: { temporal: 'away' },
    })
  })

  test('what failed is replayed all the same, and stands in the outbox for the relay', async () => {
    const id = await failedRow()
    const done = await askOncall(world, ['scans', 'replay', id, '--apply', '--reason', 'Temporal is away'], deadTemporal)
    expect(done).toMatchObject({ code: 0, document: { scans: [{ outcome: 'replayed', isStarted: false }] } })
    const waiting = await askOncall(world, ['outbox', 'list'])
    expect(waiting.document).toMatchObject({
      waiting: expect.arrayContaining([expect.objectContaining({ workflowId: scanAttachmentId(id, 2), attempts: 0 })]),
    })

    // Back again: a relay holds the entry, and died.
    await world.database.superuser.query(
      `update outbox set claimed_until = now() + interval '1 hour', attempts = 7 where workflow_id = $1`,
      [scanAttachmentId(id, 2)],
    )
    const before = await readEverything(world)
    expect(await askOncall(world, ['outbox', 'retry', scanAttachmentId(id, 2)])).toMatchObject({
      code: 0,
      document: { applied: false, entries: [{ outcome: 'waiting' }] },
    })
    expect(await readEverything(world)).toEqual(before)
    const retried = await runOncall(world, ['outbox', 'retry', scanAttachmentId(id, 2), '--apply', '--reason', 'its relay died', '--json'])
    expect(retried.code).toBe(0)
    expect(JSON.parse(retried.stdout)).toMatchObject({ applied: true, entries: [{ outcome: 'started' }] })
    // The row lost its upload, so this attempt gives it back.
    expect(await world.scanOutcome(id, 2)).toEqual({ outcome: 'no-object' })
    expect(await readActs(world, 'outbox.retry')).toEqual([
      {
        district_id: districtId,
        actor_kind: 'staff',
        actor: expect.stringMatching(/./),
        target_kind: 'workflow',
        target: scanAttachmentId(id, 2),
        reason: 'its relay died',
        details: { ...typedBy, command: `outbox retry ${scanAttachmentId(id, 2)} --apply` },
      },
    ])
  })

  test('whoever is on the way is not touched, since silence is no end', async () => {
    const id = await failedRow()
    await world.database.superuser.query(`update attachments set state = 'scanning', ended_at = null where id = $1`, [id])
    const before = await readEverything(world)
    const done = await askOncall(world, ['scans', 'replay', id, '--apply', '--reason', 'why'], deadTemporal)
    expect(done).toMatchObject({ code: 1, document: { scans: [{ decision: 'wait', outcome: 'failed' }] } })
    const all = await runOncall(
      world,
      ['scans', 'replay', '--all', '--stage', 'scanning', '--since', '1h', '--apply', '--reason', 'why'],
      deadTemporal,
    )
    expect(all).toMatchObject({ code: 1, stdout: '', stderr: expect.stringContaining('mend: bring Temporal back') })
    expect(await readEverything(world)).toEqual(before)
    await world.database.superuser.query(`update attachments set state = 'expired' where id = $1`, [id])
  })
})

/** A row that failed before anything was uploaded. */
const failedRow = async (): Promise<string> => {
  const id = await world.addTicket()
  await world.database.superuser.query(
    `update attachments set state = 'failed', upload_completed_at = now(), ended_at = now() where id = $1`,
    [id],
  )
  return id
}

test('the audit log that the commands added to is sealed and verified like any other', async () => {
  expect(await sealActs(world)).toMatchObject({ fault: null, unsealedEntries: 0 })
})
