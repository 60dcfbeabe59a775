import { randomUUID } from 'node:crypto'
import { afterAll, beforeAll, describe, expect, inject, test, vi } from 'vitest'
import { readArchivedHistory } from '../../clients/archive/readArchivedHistory.ts'
import { createObjectBucket } from '../../clients/s3/createObjectBucket.ts'
import { createS3Client } from '../../clients/s3/createS3Client.ts'
import { scanAttachmentId } from '../../workflows/contract.ts'
import type { AttachmentWorld } from '../support/attachmentWorld.ts'
import { openScannedWorld } from '../support/openScannedWorld.ts'
import { deadTemporal, readActs, typedBy } from '../support/readOncallActs.ts'
import { askOncall, runOncall } from '../support/runOncall.ts'
import { sealActs } from '../support/sealActs.ts'

// No API and no relay runs in this world, and every command is run as the process that responders start.
let world: AttachmentWorld
let infected: string
let clean: string
let districtId: string

beforeAll(async () => {
  ;({ world, infected, clean } = await openScannedWorld({ archiveWindows: { settleMs: 0, overlapMs: 60_000, retentionMs: 3_600_000 } }))
  districtId = world.channel.districtId
})
afterAll(() => world?.close())

describe('history', () => {
  test('shows a run decoded as a timeline, by its workflow and by its own id, and each reading leaves its row first', async () => {
    const workflowId = scanAttachmentId(infected, 1)
    const { runId } = await world.adapters.client.workflow.getHandle(workflowId).describe()
    const { code, stdout } = await runOncall(world, ['history', workflowId, '--reason', 'a look'])
    expect(code).toBe(0)
    expect(stdout).toContain(`run ${runId}  from Temporal`)
    expect(stdout).toMatch(/^\+\d+\.\d{3} s +local activity readPace +completed/m)
    expect(stdout).toMatch(/activity inspectObject +completed +\d+\.\d{3} s/)
    expect(stdout).toMatch(/ run +completed/)

    await vi.waitFor(
      async () => expect((await askOncall(world, ['history', runId, '--reason', 'a look'])).document).toMatchObject({ workflowId }),
      { timeout: 20_000 },
    )
    const { document } = await askOncall(world, ['history', workflowId, '--run', runId, '--reason', 'a look'])
    // Decoded: what the run was asked to do, and how it ended.
    expect(JSON.stringify(document)).toContain('"outcome":"quarantined"')
    expect(document).toMatchObject({ source: 'temporal', unreadable: 0 })
    const readings = await readActs(world, 'payload.decode')
    expect(readings.map(({ reason }) => reason)).toEqual(['a look', 'a look', 'a look'])
    expect(readings[0]).toMatchObject({
      district_id: districtId,
      actor_kind: 'staff',
      target_kind: 'workflow',
      target: workflowId,
      details: { ...typedBy, command: `history ${workflowId}`, runId, source: 'temporal', payloads: expect.any(Number) },
    })
    expect(stdout + JSON.stringify(document)).not.toContain(inject('canary'))
  })

  test('is read from the archive when Temporal has forgotten the run, and while Temporal is away', async () => {
    const workflowId = scanAttachmentId(clean, 1)
    const { client, connection } = world.adapters
    const kept = await askOncall(world, ['history', workflowId, '--reason', 'a look'])
    const { s3 } = inject('stack')
    const reader = createS3Client({ endpoint: s3.endpoint, region: s3.region, credentials: s3.oncall })
    await vi.waitFor(
      async () => {
        await client.workflow.execute('archiveHistories', {
          workflowId: `archive-${randomUUID()}`,
          taskQueue: world.config.taskQueues.maintenance,
        })
        const archive = createObjectBucket(reader, world.buckets.names.archive)
        expect(await readArchivedHistory({ archive, keys: world.adapters.keys }, { workflowId })).not.toBeNull()
      },
      { timeout: 30_000 },
    )
    reader.destroy()
    expect((await askOncall(world, ['history', workflowId, '--reason', 'a look'], deadTemporal)).document).toMatchObject({
      source: 'archive',
    })
    await connection.workflowService.deleteWorkflowExecution({ namespace: client.options.namespace, workflowExecution: { workflowId } })
    await vi.waitFor(
      async () =>
        expect((await askOncall(world, ['history', workflowId, '--reason', 'a look'])).document).toMatchObject({ source: 'archive' }),
      {
        timeout: 20_000,
      },
    )
    const archived = await askOncall(world, ['history', workflowId, '--reason', 'a look'])
    expect(archived.document).toEqual({ ...(kept.document as object), source: 'archive' })
    expect((await readActs(world, 'payload.decode')).at(-1)).toMatchObject({ details: { source: 'archive' } })
  })

  test('is not shown when its reading cannot be written down', async () => {
    await world.database.superuser.query('revoke insert on audit_entries from hallpass_oncall')
    try {
      const { code, stdout, stderr } = await runOncall(world, ['history', scanAttachmentId(infected, 1), '--reason', 'a look'])
      expect({ code, stdout }).toEqual({ code: 1, stdout: '' })
      expect(stderr).toContain('42501')
    } finally {
      await world.database.superuser.query('grant insert on audit_entries to hallpass_oncall')
    }
  })

  test('of a run that nobody knows ends with 1', async () => {
    expect(await runOncall(world, ['history', `scan-attachment:${randomUUID()}:1`, '--reason', 'a look'])).toMatchObject({
      code: 1,
      stdout: '',
      stderr: expect.stringContaining('neither'),
    })
  })
})

test('the audit log that the commands added to is sealed and verified like any other', async () => {
  expect(await sealActs(world)).toMatchObject({ fault: null, unsealedEntries: 0 })
})
