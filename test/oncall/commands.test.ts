import { randomUUID } from 'node:crypto'
import { afterAll, beforeAll, describe, expect, inject, test, vi } from 'vitest'
import { readArchivedHistory } from '../../clients/archive/readArchivedHistory.ts'
import { createObjectBucket } from '../../clients/s3/createObjectBucket.ts'
import { createS3Client } from '../../clients/s3/createS3Client.ts'
import { toAuditKeyName } from '../../db/auditHeader.ts'
import { verifyAudit } from '../../db/verifyAudit.ts'
import { makeEicar } from '../../demo/corpus/eicar.ts'
import { sealAuditLogs } from '../../worker/sealAuditLogs.ts'
import { scanAttachmentId } from '../../workflows/contract.ts'
import { createAttachmentWorld, type AttachmentWorld } from '../support/attachmentWorld.ts'
import { withCanary } from '../support/canary.ts'
import { present } from '../support/present.ts'
import { askOncall, oncallEnvironment, runOncall } from '../support/runOncall.ts'

// No API and no relay runs in this world, and every command is run as the process that responders start.
let world: AttachmentWorld
let infected: string
let clean: string
let districtId: string

beforeAll(async () => {
  world = await createAttachmentWorld({ archiveWindows: { settleMs: 0, overlapMs: 60_000, retentionMs: 3_600_000 } })
  districtId = world.channel.districtId
  await world.startWorkers()
  infected = await world.send(makeEicar(), 'text/plain')
  clean = await world.send(Buffer.from(withCanary('harmless')), 'text/plain')
  await Promise.all([world.scanOutcome(infected), world.scanOutcome(clean)])
})
afterAll(() => world?.close())

const everything = async (): Promise<unknown[]> => {
  const tables = ['attachments', 'outbox', 'audit_entries', 'bad_hashes']
  const rows: unknown[] = []
  for (const table of tables) rows.push((await world.database.superuser.query(`select * from ${table}`)).rows)
  return rows
}

const auditOf = async (action: string): Promise<Record<string, unknown>[]> =>
  (
    await world.database.superuser.query<Record<string, unknown>>(
      `select district_id, actor_kind, actor, target_kind, target, reason, details from audit_entries where action = $1 order by id`,
      [action],
    )
  ).rows

/** What each row of the audit log says of whoever typed the command. */
const typedBy = { account: expect.stringMatching(/./), sudoUser: null, host: expect.stringMatching(/./) }
const deadTemporal = { TEMPORAL_ADDRESS: '127.0.0.1:1' }

describe('scans show', () => {
  test('tells all that is known of a file but its name, its people and its bytes', async () => {
    const { code, stdout, stderr } = await runOncall(world, ['scans', 'show', infected, '--json'])
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' })
    const document = JSON.parse(stdout) as Record<string, unknown>
    expect(document).toMatchObject({
      stage: 'quarantined',
      attachment: { attachmentId: infected, districtId, state: 'quarantined', attempt: 1, verdict: 'infected' },
      runs: [{ workflowId: scanAttachmentId(infected, 1), status: 'COMPLETED', stage: 'done' }],
      outbox: [{ workflowId: scanAttachmentId(infected, 1) }],
      objects: [{ bucket: 'quarantine', versionId: expect.any(String) }],
      auditLog: expect.any(Array),
    })
    const { teacherId, studentId, channelId } = world.channel
    for (const secret of [inject('canary'), teacherId, studentId, channelId]) expect(stdout).not.toContain(secret)
    const { stdout: text } = await runOncall(world, ['scans', 'show', infected])
    expect(text).toMatch(/^stage +quarantined$/m)
    expect(text).not.toContain(inject('canary'))
  })

  test('shows what it can while Temporal and the store are away, and says what does not answer', async () => {
    const away = { ...deadTemporal, S3_ENDPOINT: 'http://127.0.0.1:1' }
    const { code, document } = await askOncall(world, ['scans', 'show', clean], away)
    expect({ code, document }).toMatchObject({ code: 0, document: { runs: null, objects: null, attachment: { state: 'clean' } } })
  })

  test('of an id that nobody has ends with 1', async () => {
    expect(await runOncall(world, ['scans', 'show', randomUUID()])).toMatchObject({
      code: 1,
      stdout: '',
      stderr: expect.stringContaining('no attachment'),
    })
  })
})

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
    const before = await everything()
    expect(await askOncall(world, ['outbox', 'retry', scanAttachmentId(id, 2)])).toMatchObject({
      code: 0,
      document: { applied: false, entries: [{ outcome: 'waiting' }] },
    })
    expect(await everything()).toEqual(before)
    const retried = await runOncall(world, ['outbox', 'retry', scanAttachmentId(id, 2), '--apply', '--reason', 'its relay died', '--json'])
    expect(retried.code).toBe(0)
    expect(JSON.parse(retried.stdout)).toMatchObject({ applied: true, entries: [{ outcome: 'started' }] })
    // The row lost its upload, so this attempt gives it back.
    expect(await world.scanOutcome(id, 2)).toEqual({ outcome: 'no-object' })
    expect(await auditOf('outbox.retry')).toEqual([
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
    const before = await everything()
    const done = await askOncall(world, ['scans', 'replay', id, '--apply', '--reason', 'why'], deadTemporal)
    expect(done).toMatchObject({ code: 1, document: { scans: [{ decision: 'wait', outcome: 'failed' }] } })
    const all = await runOncall(
      world,
      ['scans', 'replay', '--all', '--stage', 'scanning', '--since', '1h', '--apply', '--reason', 'why'],
      deadTemporal,
    )
    expect(all).toMatchObject({ code: 1, stdout: '', stderr: expect.stringContaining('mend: bring Temporal back') })
    expect(await everything()).toEqual(before)
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
    const readings = await auditOf('payload.decode')
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
    expect((await auditOf('payload.decode')).at(-1)).toMatchObject({ details: { source: 'archive' } })
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

describe('hashes', () => {
  test('a finding that was false is lifted, with a row, and a dry run lifts nothing', async () => {
    const listed = await runOncall(world, ['hashes', 'list', '--json'])
    const { hashes } = JSON.parse(listed.stdout) as { hashes: { sha256: string; districtId: string }[] }
    const { sha256 } = present(hashes.find((hash) => hash.districtId === districtId))
    expect(await askOncall(world, ['hashes', 'lift', sha256])).toMatchObject({
      document: { applied: false, districts: [{ outcome: 'refused' }] },
    })
    expect(await auditOf('hash.lift')).toEqual([])
    const lifted = await runOncall(world, ['hashes', 'lift', sha256, '--apply', '--reason', 'says the vendor'])
    expect(lifted).toMatchObject({ code: 0, stdout: expect.stringContaining('lifted') })
    expect(await auditOf('hash.lift')).toMatchObject([
      { district_id: districtId, target: sha256, reason: 'says the vendor', details: typedBy },
    ])
    expect(await runOncall(world, ['hashes', 'lift', sha256, '--apply', '--reason', 'again'])).toMatchObject({ code: 1, stdout: '' })
  })
})

test('the audit log that the commands added to is sealed and verified like any other', async () => {
  const { app, sweeper, keys } = world.adapters
  await sealAuditLogs({ app, sweeper, keys })
  const readPublicKey = () => keys.publicKey(toAuditKeyName(districtId))
  expect(await verifyAudit({ database: app, readPublicKey }, districtId)).toMatchObject({ fault: null, unsealedEntries: 0 })
})

describe('wrong use', () => {
  const id = '00000000-0000-7000-8000-00000000abcd'
  const lines: string[][] = [
    [],
    ['scans'],
    ['dance'],
    ['scans', 'list', '--since', `1h'; drop table attachments; --`],
    ['scans', 'list', '--stage', 'clean'],
    ['scans', 'list', '--district', `' or true --`],
    ['scans', 'list', '--limit', '1000000'],
    ['scans', 'list', 'more'],
    ['scans', 'show'],
    ['scans', 'show', `${id}' or true --`],
    ['scans', 'replay', id, '--apply'],
    ['scans', 'replay', id, '--apply', '--reason', '   '],
    ['scans', 'replay', id, '--apply', '--reason', 'x'.repeat(501)],
    ['scans', 'replay', id, '--all', '--since', '2h'],
    ['scans', 'replay', '--all'],
    ['scans', 'replay', id, '--aply'],
    ['scans', 'replay', '../../etc/passwd'],
    ['outbox', 'retry', '--all', '--apply'],
    ['outbox', 'retry', `x' or '1'='1`],
    ['history', `x' or WorkflowType = 'y`, '--reason', 'why'],
    ['history', scanAttachmentId(id, 1), '--run', 'x', '--reason', 'why'],
    ['history', scanAttachmentId(id, 1)],
    ['hashes', 'lift', 'abc', '--apply', '--reason', 'why'],
  ]
  test.each(lines.map((args) => [args.join(' ').slice(0, 60), args] as const))(
    '"%s" ends with 2, says how to mend it, repeats nothing and changes nothing',
    async (_, args) => {
      const before = await everything()
      const { code, stdout, stderr } = await runInProcess(args)
      expect({ code, stdout }).toEqual({ code: 2, stdout: '' })
      expect(stderr).toContain('npm run oncall')
      for (const typed of args.filter((one) => /[' ./]|x{9}/.test(one))) expect(stderr).not.toContain(typed)
      expect(await everything()).toEqual(before)
    },
  )

  test('help is there at every level, on stdout, and needs no stack', async () => {
    for (const args of [['--help'], ['scans', '--help'], ['scans', 'replay', '--help'], ['history', '--help']]) {
      const { code, stdout } = await runInProcess(args, {})
      expect(code).toBe(0)
      expect(stdout).toContain('npm run oncall -- ')
    }
    expect((await runOncall(world, ['--help'])).code).toBe(0)
  })

  test('without a database it says how to mend it, and shows no password', async () => {
    const url = world.database.urls.oncall.replace(/:\d+\//, ':1/')
    const { code, stdout, stderr } = await runOncall(world, ['scans', 'list'], { DATABASE_URL_ONCALL: url })
    expect({ code, stdout }).toEqual({ code: 1, stdout: '' })
    expect(stderr).toContain('Postgres cannot be reached')
    expect(stderr).not.toContain(new URL(url).password)
  })
})

const runInProcess = async (args: string[], env?: Record<string, string>): Promise<{ code: number; stdout: string; stderr: string }> => {
  const { runOncall: run } = await import('../../oncall/runOncall.ts')
  const { exitCode, stdout, stderr } = await run(args, env ?? oncallEnvironment(world), new AbortController().signal)
  return { code: exitCode, stdout, stderr }
}
