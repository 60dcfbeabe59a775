import { createHash, randomBytes } from 'node:crypto'
import { v7 as newId } from 'uuid'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { acrossDistricts, withDistrict } from '../../db/openDatabase.ts'
import { forgetBadHash } from '../../db/queries/forgetBadHash.ts'
import { findBadHash } from '../../db/queries/findBadHash.ts'
import { postMessage } from '../../db/queries/postMessage.ts'
import { listDownloads } from '../../db/queries/listDownloads.ts'
import { withdrawAttachment } from '../../db/queries/withdrawAttachment.ts'
import { mayStillDownload, recordDownload } from '../../db/queries/recordDownload.ts'
import { toRescanPause } from '../../domain/toRescanPause.ts'
import { relayOutbox } from '../../worker/relayOutbox.ts'
import { knownBad, rescanAttachmentId } from '../../workflows/contract.ts'
import type { RescanRound } from '../../workflows/rescanAttachments.ts'
import { createAttachmentActs } from '../support/attachmentActs.ts'
import { createAttachmentWorld, testPace, type AttachmentWorld } from '../support/attachmentWorld.ts'
import { withCanary } from '../support/canary.ts'
import { openStored } from '../support/openStored.ts'
import { present } from '../support/present.ts'
import { seedChannel } from '../support/seedChannel.ts'
import { alertsAbout, mailsTo } from '../support/sinks.ts'
import { startFaultyWorkers } from '../support/startFaultyWorkers.ts'
import { startTcpGate, type TcpGate } from '../support/tcpGate.ts'
import { startVersionedClamd, type VersionedClamd } from '../support/versionedClamd.ts'

let clamd: VersionedClamd
let gate: TcpGate
let world: AttachmentWorld
let version = 27_000
beforeAll(async () => {
  clamd = await startVersionedClamd(String(version))
  gate = await startTcpGate(clamd)
  world = await createAttachmentWorld({
    clamd: { host: '127.0.0.1', port: gate.port },
    pace: { ...testPace, attemptsPerRound: 1 },
  })
  await world.startWorkers()
})
afterAll(async () => {
  await world?.close()
  await gate?.stop()
  await clamd?.stop()
})

const newVersion = (): string => {
  version += 1
  clamd.setVersion(String(version))
  return String(version)
}
const startRound = () =>
  world.adapters.client.workflow.start('rescanAttachments', {
    workflowId: `round-${newId()}`,
    taskQueue: world.config.taskQueues.maintenance,
  })
const startLook = (id: string, databaseVersion: string) =>
  world.adapters.client.workflow.start('rescanAttachment', {
    workflowId: rescanAttachmentId(id, databaseVersion),
    taskQueue: world.config.taskQueues.attachments,
    args: [{ districtId: world.channel.districtId, attachmentId: id, databaseVersion }],
  })
const round = async (): Promise<RescanRound> => (await startRound()).result() as Promise<RescanRound>
const sendClean = async (content: string): Promise<string> => {
  const id = await world.send(Buffer.from(content), 'text/plain')
  expect(await world.scanOutcome(id)).toEqual({ outcome: 'clean' })
  return id
}
const post = async (id: string): Promise<void> => {
  const { districtId, channelId, teacherId } = world.channel
  const message = { id: newId(), channelId, authorId: teacherId, body: randomBytes(9), attachmentIds: [id] }
  await withDistrict(world.adapters.app, districtId, (tx) => postMessage(tx, message))
}
const download = (id: string, actorId = world.channel.studentId) =>
  withDistrict(world.adapters.app, world.channel.districtId, (tx) => recordDownload(tx, { attachmentId: id, actorId }))
const rescanRow = async (id: string) =>
  present(
    (
      await world.database.superuser.query<Record<string, unknown>>(
        'select state, signature, database_version, rescan_version, rescan_outcome, withdrawn_by, clean_key, quarantine_key from attachments where id = $1',
        [id],
      )
    ).rows[0],
  )
/** As if everything had been looked at longer ago than files rest. */
const letTimePass = () => world.database.superuser.query(`update attachments set rescanned_at = rescanned_at - interval '25 hours'`)
/** The files whose own runs a round started, in that order, and the rests between them in milliseconds. */
const readRound = async (workflowId: string) => {
  const { events } = await world.adapters.client.workflow.getHandle(workflowId).fetchHistory()
  const started = (events ?? []).flatMap(({ startChildWorkflowExecutionInitiatedEventAttributes: started }) =>
    started?.workflowId ? [started.workflowId.split(':')[1]] : [],
  )
  const rests = (events ?? []).flatMap(({ timerStartedEventAttributes: timer }) =>
    timer ? [Number(timer.startToFireTimeout?.seconds ?? 0) * 1_000 + (timer.startToFireTimeout?.nanos ?? 0) / 1e6] : [],
  )
  return { started, rests }
}

describe('a database that is newer', () => {
  test('looks again at every clean file, newest first, each once and at the pace of its budget', async () => {
    const contents = ['first', 'second, which is longer', 'third'].map((name) => withCanary(`${name} ${newId()}`).repeat(20_000))
    const ids: string[] = []
    for (const content of contents) ids.push(await sendClean(content))
    const now = newVersion()
    const handle = await startRound()
    expect(await handle.result()).toMatchObject({ outcome: 'seen-all', databaseVersion: now, counts: { passed: 3, failed: 0 } })
    const { started, rests } = await readRound(handle.workflowId)
    expect(started).toEqual(ids.toReversed())
    const bytes = contents.map((content) => Buffer.byteLength(content)).toReversed()
    expect(rests).toEqual(bytes.map((count) => toRescanPause(count, world.config.rescan.bytesPerSecond)))
    for (const id of ids)
      expect(await rescanRow(id)).toMatchObject({ state: 'clean', database_version: now, rescan_version: now, rescan_outcome: 'passed' })
    expect((await round()).counts).toMatchObject({ passed: 0 })
  })

  test('leaves a file that was looked at within a day to a later round', async () => {
    const id = await sendClean(withCanary(`daily ${newId()}`))
    newVersion()
    await round()
    const second = newVersion()
    expect((await round()).counts.passed).toBe(0)
    await letTimePass()
    await round()
    expect(await rescanRow(id)).toMatchObject({ database_version: second })
  })

  test('gives way while uploads wait for their scan, and goes on when they do not', async () => {
    const id = await sendClean(withCanary(`waits ${newId()}`))
    newVersion()
    const { rescan } = world.config
    await world.database.superuser.query(
      `insert into attachments (district_id, id, channel_id, uploader_id, state, file_name, content_type, bytes, incoming_key, ticket_expires_at, upload_completed_at)
       select district_id, gen_random_uuid(), channel_id, uploader_id, 'scanning', '\\x00', content_type, 1, 'backlog-' || n, now(), now() - interval '1 minute'
       from attachments, generate_series(0, $2::int) n where id = $1`,
      [id, rescan.backlogMax],
    )
    Object.assign(rescan, { backlogWaitMs: 20, backlogWaitsMax: 2 })
    expect(await round()).toMatchObject({ outcome: 'gave-way', counts: { passed: 0 } })
    await world.database.superuser.query(`delete from attachments where incoming_key like 'backlog-%'`)
    expect(await round()).toMatchObject({ outcome: 'seen-all', counts: { passed: 1 } })
  })
})

const expectAlertListsTheLog = async (id: string, downloads: number, people: number): Promise<void> => {
  const { rows } = await world.database.superuser.query<{ actor: string; at: Date }>(
    `select actor, at from audit_entries where action = 'attachment.download' and target = $1 order by at`,
    [id],
  )
  expect(rows).toHaveLength(downloads)
  const alerts = await alertsAbout(id)
  expect(alerts.map(({ event_action, dedup_key }) => [event_action, dedup_key])).toEqual([['trigger', `attachment-withdrawn:${id}`]])
  const details = present(alerts[0]?.payload?.custom_details)
  expect(details).toMatchObject({ downloads, people, signature: 'Hallpass.Test.Late.UNOFFICIAL' })
  expect(String(details['downloadedBy']).split('\n')).toEqual(
    rows.map(({ actor, at }) => `${actor} ${new Date(at).toISOString().slice(0, 19)}Z`),
  )
}

describe('a clean file in which malware is found later', () => {
  test('is withdrawn: nobody can open it, it is quarantined, the uploader is told, and engineers learn who had downloaded it', async () => {
    const marker = `late-malware-${newId()}`
    const id = await sendClean(`${withCanary('homework')} ${marker}`)
    const harmless = await sendClean(withCanary(`harmless ${newId()}`))
    await post(id)
    const { teacherId, studentId, districtId, teacherEmail } = world.channel
    for (const actorId of [studentId, teacherId, studentId]) expect(await download(id, actorId)).not.toBeNull()
    const cleanKey = String((await rescanRow(id))['clean_key'])
    const mailsBefore = (await mailsTo(teacherEmail)).length

    await clamd.learn('Hallpass.Test.Late', marker)
    const now = newVersion()
    await letTimePass()
    expect((await round()).counts).toMatchObject({ withdrawn: 1 })

    expect(await rescanRow(id)).toMatchObject({
      state: 'quarantined',
      signature: 'Hallpass.Test.Late.UNOFFICIAL',
      database_version: now,
      withdrawn_by: rescanAttachmentId(id, now),
      clean_key: null,
    })
    expect(await rescanRow(harmless)).toMatchObject({ state: 'clean' })
    expect(await download(id)).toBeNull()
    const actor = { attachmentId: id, actorId: studentId }
    expect(await withDistrict(world.adapters.app, districtId, (tx) => mayStillDownload(tx, actor))).toBe(false)

    expect(await world.buckets.seen.clean.listVersions(cleanKey)).toEqual([])
    const keys = await world.database.superuser.query('select 1 from keys.object_keys where object_key = $1', [cleanKey])
    expect(keys.rowCount).toBe(0)
    const stored = await openStored(world, 'quarantine', String((await rescanRow(id))['quarantine_key']))
    expect([stored.keyName, stored.plaintext.includes(marker)]).toEqual(['safety', true])

    const mails = (await mailsTo(teacherEmail)).slice(mailsBefore)
    expect(mails).toHaveLength(1)
    expect(mails[0]?.text).toContain('people may have opened it')
    await expectAlertListsTheLog(id, 3, 2)
  })

  test('has every download that was let begin on its list, however closely they raced', async () => {
    const id = await sendClean(withCanary(`raced ${newId()}`))
    await post(id)
    const { districtId } = world.channel
    const finding = {
      sha256: '0a'.repeat(32),
      releasedSha256: null,
      signature: 's',
      engine: 'e',
      databaseVersion: '1',
      withdrawnBy: 'race',
    }
    const asked = Array.from({ length: 40 }, () => download(id))
    const listed = withDistrict(world.adapters.app, districtId, (tx) => withdrawAttachment(tx, id, finding)).then(() =>
      withDistrict(world.adapters.app, districtId, (tx) => listDownloads(tx, id, 50)),
    )
    const begun = (await Promise.all(asked)).filter((answer) => answer !== null)
    expect((await listed).count).toBe(begun.length)
    await world.database.superuser.query(`update attachments set clean_key = null where id = $1`, [id])
  })

  test('is withdrawn in every district that has the same bytes, each by its own run and with its own list', async () => {
    const marker = `copied-malware-${newId()}`
    const content = Buffer.from(`${withCanary('handed around')} ${marker}`)
    const here = await sendClean(content.toString())
    const there = await seedChannel(world.adapters.app, world.adapters.districtKeys)
    const acts = createAttachmentActs(world.config, world.adapters, there, world.database)
    const copy = await acts.send(content, 'text/plain')
    await world.scanOutcome(copy)
    await post(here)
    await download(here)

    await clamd.learn('Hallpass.Test.Copied', marker)
    const now = newVersion()
    // Only the first is due: the copy is withdrawn for its hash.
    await world.database.superuser.query(`update attachments set rescanned_at = now() where id = $1`, [copy])
    await round()
    await relayOutbox({ ...world.adapters, ageSeconds: 0 })
    await world.adapters.client.workflow.getHandle(rescanAttachmentId(copy, knownBad)).result()

    expect(await rescanRow(here)).toMatchObject({ state: 'quarantined', withdrawn_by: rescanAttachmentId(here, now) })
    expect(await rescanRow(copy)).toMatchObject({ state: 'quarantined', withdrawn_by: rescanAttachmentId(copy, knownBad) })
    const [ofCopy] = await alertsAbout(copy)
    expect(ofCopy?.payload?.custom_details).toMatchObject({ districtId: there.districtId, downloads: 0 })
    expect(JSON.stringify(ofCopy)).not.toContain(world.channel.districtId)
    expect(JSON.stringify(ofCopy)).not.toContain(here)
  })

  test('is withdrawn as soon as somebody uploads the same bytes and they are found bad, without a round of re-scans', async () => {
    const marker = `uploaded-again-${newId()}`
    const content = Buffer.from(`${withCanary('sent twice')} ${marker}`)
    const early = await sendClean(content.toString())
    const there = await seedChannel(world.adapters.app, world.adapters.districtKeys)
    const acts = createAttachmentActs(world.config, world.adapters, there, world.database)
    await clamd.learn('Hallpass.Test.Again', marker)
    const late = await acts.send(content, 'text/plain')
    expect(await world.scanOutcome(late)).toEqual({ outcome: 'quarantined' })
    await relayOutbox({ ...world.adapters, ageSeconds: 0 })
    await world.adapters.client.workflow.getHandle(rescanAttachmentId(early, knownBad)).result()
    expect(await rescanRow(early)).toMatchObject({
      state: 'quarantined',
      withdrawn_by: rescanAttachmentId(early, knownBad),
      clean_key: null,
    })
  })

  test('because its hash became known between its inspection and its end is withdrawn at once', async () => {
    const content = Buffer.from(withCanary(`overtaken ${newId()}`))
    const elsewhere = await seedChannel(world.adapters.app, world.adapters.districtKeys)
    await Promise.all(world.running().map((workers) => workers.drain()))
    const faulty = await startFaultyWorkers(world, {
      before: {
        closeAttachment: async () => {
          await world.database.superuser.query(
            `insert into bad_hashes values ($1, $2, 'Found.Meanwhile', '1.4.5', '26000', now()) on conflict do nothing`,
            [elsewhere.districtId, createHash('sha256').update(content).digest()],
          )
        },
      },
    })
    const id = await world.send(content, 'text/plain')
    expect(await world.scanOutcome(id)).toEqual({ outcome: 'clean' })
    await faulty.drain()
    await world.startWorkers()
    await relayOutbox({ ...world.adapters, ageSeconds: 0 })
    await world.adapters.client.workflow.getHandle(rescanAttachmentId(id, knownBad)).result()
    expect(await rescanRow(id)).toMatchObject({ state: 'quarantined', signature: 'Found.Meanwhile' })
    expect(await download(id)).toBeNull()
  })

  test('that its uploader deletes in the middle stays deleted, and nobody is paged', async () => {
    const marker = `deleted-malware-${newId()}`
    const id = await sendClean(`${withCanary('taken back')} ${marker}`)
    await clamd.learn('Hallpass.Test.Deleted', marker)
    const now = newVersion()
    gate.set('held')
    const looking = await startLook(id, now)
    await gate.waiting()
    await world.remove(id)
    gate.set('open')
    expect(await looking.result()).toMatchObject({ outcome: 'superseded' })
    expect(await rescanRow(id)).toMatchObject({ state: 'deleted', withdrawn_by: null })
    expect(await alertsAbout(id)).toEqual([])
  })
})

describe('an outage', () => {
  test('is no verdict: the file stays as it was, the round ends, and the next one looks again', async () => {
    const id = await sendClean(withCanary(`away ${newId()}`))
    const before = await rescanRow(id)
    const now = newVersion()
    gate.set('closed')
    expect(await round()).toMatchObject({ outcome: 'engine-away' })
    expect(await (await startLook(id, now)).result()).toEqual({ outcome: 'postponed', bytes: 0 })
    expect(await rescanRow(id)).toEqual(before)
    gate.set('open')
    expect((await round()).counts.postponed).toBe(0)
    expect(await rescanRow(id)).toMatchObject({ state: 'clean', database_version: now })
  })

  test('of the pager keeps no other file from being withdrawn, and engineers are told by a later round', async () => {
    const marker = `untold-malware-${newId()}`
    const ids = [await sendClean(`${withCanary('one')} ${marker}`), await sendClean(`${withCanary('two')} ${marker}`)]
    const mailsBefore = (await mailsTo(world.channel.teacherEmail)).length
    await clamd.learn('Hallpass.Test.Untold', marker)
    newVersion()
    await letTimePass()
    await Promise.all(world.running().map((workers) => workers.drain()))
    const faulty = await startFaultyWorkers(world, { adapters: { pager: { raise: () => Promise.reject(new Error('away')) } } })
    expect((await round()).counts).toMatchObject({ failed: 2 })
    await faulty.drain()
    for (const id of ids) {
      expect(await rescanRow(id)).toMatchObject({ state: 'quarantined', clean_key: expect.any(String) })
      expect(await alertsAbout(id)).toEqual([])
    }
    await world.startWorkers()
    expect((await round()).counts).toMatchObject({ withdrawn: 2 })
    for (const id of ids) {
      expect(await rescanRow(id)).toMatchObject({ state: 'quarantined', clean_key: null })
      expect(await alertsAbout(id)).toHaveLength(1)
    }
    expect((await mailsTo(world.channel.teacherEmail)).length - mailsBefore).toBe(2)
  })

  test('that takes a withdrawal’s run away leaves the file closed, and a later round finishes the run', async () => {
    const marker = `lost-malware-${newId()}`
    const id = await sendClean(`${withCanary('lost')} ${marker}`)
    await clamd.learn('Hallpass.Test.Lost', marker)
    const now = newVersion()
    const halted = Promise.withResolvers<void>()
    await Promise.all(world.running().map((workers) => workers.drain()))
    const faulty = await startFaultyWorkers(world, {
      before: {
        quarantineWithdrawn: async () => {
          halted.resolve()
          throw new Error('store away')
        },
      },
    })
    const handle = await startRound()
    await halted.promise
    expect(await rescanRow(id)).toMatchObject({ state: 'quarantined', quarantine_key: null })
    await handle.terminate()
    await world.adapters.client.workflow.getHandle(rescanAttachmentId(id, now)).terminate()
    await faulty.drain()
    await world.startWorkers()
    expect((await round()).counts).toMatchObject({ withdrawn: 1 })
    const row = await rescanRow(id)
    expect(row).toMatchObject({ state: 'quarantined', clean_key: null })
    expect((await openStored(world, 'quarantine', String(row['quarantine_key']))).plaintext.includes(marker)).toBe(true)
    expect(new Set((await alertsAbout(id)).map(({ dedup_key }) => dedup_key))).toEqual(new Set([`attachment-withdrawn:${id}`]))
  })
})

describe('a hash that was once found bad', () => {
  test('is refused on sight in every district, whatever the engine says now, until the finding is lifted', async () => {
    const content = Buffer.from(withCanary(`harmless to the engine ${newId()}`))
    const sha256 = createHash('sha256').update(content).digest('hex')
    const elsewhere = await seedChannel(world.adapters.app, world.adapters.districtKeys)
    await world.database.superuser.query(`insert into bad_hashes values ($1, $2, 'Old.Finding', '1.4.5', '26000', now())`, [
      elsewhere.districtId,
      Buffer.from(sha256, 'hex'),
    ])
    const refused = await world.send(content, 'text/plain')
    expect(await world.scanOutcome(refused)).toEqual({ outcome: 'quarantined' })
    expect(await rescanRow(refused)).toMatchObject({ signature: 'Old.Finding', database_version: '26000' })
    expect(await alertsAbout(refused)).toHaveLength(1)

    const oncall = { kind: 'staff', name: 'oncall' } as const
    for (const { districtId } of [elsewhere, world.channel])
      await withDistrict(await world.database.open('oncall', 1), districtId, (tx) =>
        forgetBadHash(tx, { sha256, actor: oncall, reason: 'false positive' }),
      )
    expect(await acrossDistricts(world.adapters.sweeper, (tx) => findBadHash(tx, sha256))).toBeNull()
    const again = await world.send(content, 'text/plain')
    expect(await world.scanOutcome(again)).toEqual({ outcome: 'clean' })
  })
})
