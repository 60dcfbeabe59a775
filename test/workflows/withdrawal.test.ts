import { v7 as newId } from 'uuid'
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { withDistrict } from '../../db/openDatabase.ts'
import { listDownloads } from '../../db/queries/listDownloads.ts'
import { mayStillDownload } from '../../db/queries/recordDownload.ts'
import { withdrawAttachment } from '../../db/queries/withdrawAttachment.ts'
import { rescanAttachmentId } from '../../workflows/contract.ts'
import { withCanary } from '../support/canary.ts'
import { openStored } from '../support/openStored.ts'
import { present } from '../support/present.ts'
import { createRescanWorld, type RescanWorld } from '../support/rescanWorld.ts'
import { alertsAbout, mailsTo } from '../support/sinks.ts'

let its: RescanWorld
beforeAll(async () => {
  its = await createRescanWorld()
})
afterAll(() => its?.close())
beforeEach(() => its.forgetEarlier())

const keysAbout = async (id: string): Promise<Set<string>> => new Set((await alertsAbout(id)).map(({ dedup_key }) => dedup_key))

const expectAlertListsTheLog = async (id: string, downloads: number, people: number): Promise<void> => {
  const { rows } = await its.world.database.superuser.query<{ actor: string; at: Date }>(
    `select actor, at from audit_entries where action = 'attachment.download' and target = $1 order by at`,
    [id],
  )
  expect(rows).toHaveLength(downloads)
  const signature = 'Hallpass.Test.Late.UNOFFICIAL'
  const alerts = await alertsAbout(id)
  expect(alerts.map(({ event_action, dedup_key }) => [event_action, dedup_key])).toEqual([['trigger', `attachment-withdrawn:${signature}`]])
  const details = present(alerts[0]?.payload?.custom_details)
  expect(details).toMatchObject({ downloads, people, signature })
  expect(String(details['downloadedBy']).split('\n')).toEqual(
    rows.map(({ actor, at }) => `${actor} ${new Date(at).toISOString().slice(0, 19)}Z`),
  )
}

describe('a clean file in which malware is found later', () => {
  test('is withdrawn: nobody can open it, it is quarantined, the uploader is told, and engineers learn who had downloaded it', async () => {
    const { world } = its
    const marker = `late-malware-${newId()}`
    const id = await its.sendClean(`${withCanary('homework')} ${marker}`)
    const harmless = await its.sendClean(withCanary(`harmless ${newId()}`))
    await its.post(id)
    const { teacherId, studentId, districtId, teacherEmail } = world.channel
    for (const actorId of [studentId, teacherId, studentId]) expect(await its.download(id, actorId)).not.toBeNull()
    const cleanKey = String((await its.row(id))['clean_key'])
    const mailsBefore = (await mailsTo(teacherEmail)).length

    await its.clamd.learn('Hallpass.Test.Late', marker)
    const now = its.newVersion()
    await its.letTimePass()
    expect((await its.round()).counts).toMatchObject({ withdrawn: 1 })

    expect(await its.row(id)).toMatchObject({
      state: 'quarantined',
      signature: 'Hallpass.Test.Late.UNOFFICIAL',
      database_version: now,
      withdrawn_by: rescanAttachmentId(id, now),
      clean_key: null,
    })
    expect(await its.row(harmless)).toMatchObject({ state: 'clean' })
    expect(await its.download(id)).toBeNull()
    const actor = { attachmentId: id, actorId: studentId }
    expect(await withDistrict(world.adapters.app, districtId, (tx) => mayStillDownload(tx, actor))).toBe(false)

    expect(await world.buckets.seen.clean.listVersions(cleanKey)).toEqual([])
    const keys = await world.database.superuser.query('select 1 from keys.object_keys where object_key = $1', [cleanKey])
    expect(keys.rowCount).toBe(0)
    const stored = await openStored(world, 'quarantine', String((await its.row(id))['quarantine_key']))
    expect([stored.keyName, stored.plaintext.includes(marker)]).toEqual(['safety', true])

    const mails = (await mailsTo(teacherEmail)).slice(mailsBefore)
    expect(mails).toHaveLength(1)
    expect(mails[0]?.text).toContain('people may have opened it')
    await expectAlertListsTheLog(id, 3, 2)
  })

  test('has every download that was let begin on its list, however closely they raced', async () => {
    const { world } = its
    const id = await its.sendClean(withCanary(`raced ${newId()}`))
    await its.post(id)
    const { districtId } = world.channel
    const finding = {
      sha256: '0a'.repeat(32),
      releasedSha256: null,
      signature: 's',
      engine: 'e',
      databaseVersion: '1',
      withdrawnBy: 'race',
    }
    const asked = Array.from({ length: 40 }, () => its.download(id))
    const listed = withDistrict(world.adapters.app, districtId, (tx) => withdrawAttachment(tx, id, finding)).then(() =>
      withDistrict(world.adapters.app, districtId, (tx) => listDownloads(tx, id, 50)),
    )
    const begun = (await Promise.all(asked)).filter((answer) => answer !== null)
    expect((await listed).count).toBe(begun.length)
    await world.database.superuser.query(`update attachments set clean_key = null where id = $1`, [id])
  })

  test('is one page with all others that the same signature found, and every file of it is told with its own list', async () => {
    const marker = `many-at-once-${newId()}`
    const ids: string[] = []
    for (let at = 0; at < 5; at += 1) ids.push(await its.sendClean(`${withCanary(`one of many ${at}`)} ${marker}`))
    const [opened] = ids
    await its.post(present(opened))
    await its.download(present(opened))
    await its.clamd.learn('Hallpass.Test.Many', marker)
    its.newVersion()
    expect((await its.round()).counts).toMatchObject({ withdrawn: 5 })
    for (const id of ids) {
      expect(await keysAbout(id)).toEqual(new Set(['attachment-withdrawn:Hallpass.Test.Many.UNOFFICIAL']))
      const [told] = await alertsAbout(id)
      expect(told?.payload?.custom_details).toMatchObject({ attachmentId: id, downloads: id === opened ? 1 : 0 })
    }
    // Newest first: whoever reads the last event of the page reads of all.
    const [last] = await alertsAbout(present(opened))
    expect(last?.payload?.custom_details).toMatchObject({ filesOfSignature: 5 })
    const listed = String(last?.payload?.custom_details?.['files']).split('\n')
    expect(new Set(listed)).toEqual(new Set(ids.map((id) => `${id} of district ${its.world.channel.districtId}`)))
  })

  test('that its uploader deletes in the middle stays deleted, and nobody is paged', async () => {
    const marker = `deleted-malware-${newId()}`
    const id = await its.sendClean(`${withCanary('taken back')} ${marker}`)
    await its.clamd.learn('Hallpass.Test.Deleted', marker)
    const now = its.newVersion()
    its.gate.set('held')
    const looking = await its.startLook(id, now)
    await its.gate.waiting()
    await its.world.remove(id)
    its.gate.set('open')
    expect(await looking.result()).toMatchObject({ outcome: 'superseded' })
    expect(await its.row(id)).toMatchObject({ state: 'deleted', withdrawn_by: null })
    expect(await alertsAbout(id)).toEqual([])
  })
})

describe('an outage in the middle of a withdrawal', () => {
  test('of the pager keeps no other file from being withdrawn, and engineers are told by a later round', async () => {
    const { world } = its
    const marker = `untold-malware-${newId()}`
    const ids = [await its.sendClean(`${withCanary('one')} ${marker}`), await its.sendClean(`${withCanary('two')} ${marker}`)]
    const mailsBefore = (await mailsTo(world.channel.teacherEmail)).length
    await its.clamd.learn('Hallpass.Test.Untold', marker)
    its.newVersion()
    await its.letTimePass()
    await its.withFaults({ pager: { raise: () => Promise.reject(new Error('away')) } }, async () => {
      expect((await its.round()).counts).toMatchObject({ failed: 2 })
    })
    for (const id of ids) {
      expect(await its.row(id)).toMatchObject({ state: 'quarantined', clean_key: expect.any(String) })
      expect(await alertsAbout(id)).toEqual([])
    }
    expect((await its.round()).counts).toMatchObject({ withdrawn: 2 })
    for (const id of ids) {
      expect(await its.row(id)).toMatchObject({ state: 'quarantined', clean_key: null })
      expect(await alertsAbout(id)).toHaveLength(1)
    }
    expect((await mailsTo(world.channel.teacherEmail)).length - mailsBefore).toBe(2)
  })

  test('that takes its run away leaves the file closed, and a later round finishes the run', async () => {
    const { world } = its
    const marker = `lost-malware-${newId()}`
    const id = await its.sendClean(`${withCanary('lost')} ${marker}`)
    await its.clamd.learn('Hallpass.Test.Lost', marker)
    const now = its.newVersion()
    const halted = Promise.withResolvers<void>()
    const storeAway = async (): Promise<void> => {
      halted.resolve()
      throw new Error('store away')
    }
    await its.withFaults({ before: { quarantineWithdrawn: storeAway } }, async () => {
      const handle = await its.startRound()
      await halted.promise
      expect(await its.row(id)).toMatchObject({ state: 'quarantined', quarantine_key: null })
      await handle.terminate()
      await world.adapters.client.workflow.getHandle(rescanAttachmentId(id, now)).terminate()
    })
    expect((await its.round()).counts).toMatchObject({ withdrawn: 1 })
    const row = await its.row(id)
    expect(row).toMatchObject({ state: 'quarantined', clean_key: null })
    expect((await openStored(world, 'quarantine', String(row['quarantine_key']))).plaintext.includes(marker)).toBe(true)
    expect(await keysAbout(id)).toEqual(new Set(['attachment-withdrawn:Hallpass.Test.Lost.UNOFFICIAL']))
  })
})
