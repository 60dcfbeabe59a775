import { createHash } from 'node:crypto'
import { v7 as newId } from 'uuid'
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { acrossDistricts, withDistrict } from '../../db/openDatabase.ts'
import { findBadHash } from '../../db/queries/findBadHash.ts'
import { forgetBadHash } from '../../db/queries/forgetBadHash.ts'
import { knownBad, rescanAttachmentId } from '../../workflows/contract.ts'
import { createAttachmentActs, type AttachmentActs } from '../support/attachmentActs.ts'
import { withCanary } from '../support/canary.ts'
import { createRescanWorld, type RescanWorld } from '../support/rescanWorld.ts'
import { seedChannel, type SeededChannel } from '../support/seedChannel.ts'
import { alertsAbout } from '../support/sinks.ts'

let its: RescanWorld
beforeAll(async () => {
  its = await createRescanWorld()
})
afterAll(() => its?.close())
beforeEach(() => its.forgetEarlier())

/** Another district, and somebody who sends files in it. */
const openElsewhere = async (): Promise<{ there: SeededChannel; acts: AttachmentActs }> => {
  const { adapters, config, database } = its.world
  const there = await seedChannel(adapters.app, adapters.districtKeys)
  return { there, acts: createAttachmentActs(config, adapters, there, database) }
}
const addBadHash = (districtId: string, content: Buffer, signature: string) =>
  its.world.database.superuser.query(`insert into bad_hashes values ($1, $2, $3, '1.4.5', '26000', now()) on conflict do nothing`, [
    districtId,
    createHash('sha256').update(content).digest(),
    signature,
  ])

describe('a clean file whose bytes are found bad elsewhere', () => {
  test('is withdrawn in every district that has them, each by its own run and with its own list', async () => {
    const { world } = its
    const marker = `copied-malware-${newId()}`
    const content = Buffer.from(`${withCanary('handed around')} ${marker}`)
    const here = await its.sendClean(content.toString())
    const { there, acts } = await openElsewhere()
    const copy = await acts.send(content, 'text/plain')
    await world.scanOutcome(copy)
    await its.post(here)
    await its.download(here)

    await its.clamd.learn('Hallpass.Test.Copied', marker)
    const now = its.newVersion()
    // Only the first is due: the copy is withdrawn for its hash.
    await world.database.superuser.query(`update attachments set rescanned_at = now() where id = $1`, [copy])
    await its.round()
    await its.untilWithdrawn(copy, knownBad)

    expect(await its.row(here)).toMatchObject({ state: 'quarantined', withdrawn_by: rescanAttachmentId(here, now) })
    expect(await its.row(copy)).toMatchObject({ state: 'quarantined', withdrawn_by: rescanAttachmentId(copy, knownBad) })
    const [[ofHere], [ofCopy]] = [await alertsAbout(here), await alertsAbout(copy)]
    expect(ofCopy?.dedup_key).toBe(ofHere?.dedup_key)
    const { files, ...details } = ofCopy?.payload?.custom_details ?? {}
    expect(details).toMatchObject({ districtId: there.districtId, downloads: 0, downloadedBy: '' })
    expect(JSON.stringify(details)).not.toContain(world.channel.districtId)
    expect(files).toContain(`${copy} of district ${there.districtId}`)
  })

  test('is withdrawn as soon as somebody uploads them, without a round of re-scans', async () => {
    const marker = `uploaded-again-${newId()}`
    const content = Buffer.from(`${withCanary('sent twice')} ${marker}`)
    const early = await its.sendClean(content.toString())
    const { acts } = await openElsewhere()
    await its.clamd.learn('Hallpass.Test.Again', marker)
    const late = await acts.send(content, 'text/plain')
    expect(await its.world.scanOutcome(late)).toEqual({ outcome: 'quarantined' })
    await its.untilWithdrawn(early, knownBad)
    expect(await its.row(early)).toMatchObject({ state: 'quarantined', withdrawn_by: rescanAttachmentId(early, knownBad), clean_key: null })
  })

  test.each(['quarantineObject', 'closeAttachment'] as const)(
    'is withdrawn although the uploader takes the infected upload back right before %s',
    async (activity) => {
      const marker = `taken-back-${newId()}`
      const content = Buffer.from(`${withCanary('taken back')} ${marker}`)
      const early = await its.sendClean(content.toString())
      // Older than rounds look back: nothing but its hash leads to it.
      await its.forgetEarlier()
      const { there, acts } = await openElsewhere()
      await its.clamd.learn('Hallpass.Test.TakenBack', marker)
      const takeBack = async ({ attachmentId }: { attachmentId: string }): Promise<void> =>
        void (await acts.remove(attachmentId).catch(() => undefined))
      await its.withFaults({ before: { [activity]: takeBack } }, async () => {
        const late = await acts.send(content, 'text/plain')
        expect(await its.world.scanOutcome(late)).toEqual({ outcome: 'superseded' })
        expect(await its.row(late)).toMatchObject({ state: 'deleted' })
        await its.untilWithdrawn(early, knownBad)
      })
      expect(await its.row(early)).toMatchObject({ state: 'quarantined', withdrawn_by: rescanAttachmentId(early, knownBad) })
      const known = await its.world.database.superuser.query('select 1 from bad_hashes where district_id = $1', [there.districtId])
      expect(known.rowCount).toBe(1)
    },
  )

  test('is withdrawn although its copy that a newer database found is taken back at that moment', async () => {
    const marker = `found-and-taken-back-${newId()}`
    const content = `${withCanary('found and taken back')} ${marker}`
    const [kept, found] = [await its.sendClean(content), await its.sendClean(content)]
    await its.clamd.learn('Hallpass.Test.FoundTakenBack', marker)
    const now = its.newVersion()
    its.gate.set('held')
    const looking = await its.startLook(found, now)
    await its.gate.waiting()
    await its.world.remove(found)
    its.gate.set('open')
    expect(await looking.result()).toMatchObject({ outcome: 'superseded' })
    await its.untilWithdrawn(kept, knownBad)
    expect(await its.row(kept)).toMatchObject({ state: 'quarantined' })
    expect(await its.row(found)).toMatchObject({ state: 'deleted' })
  })

  test('is withdrawn at once when its hash becomes known between its inspection and its end', async () => {
    const content = Buffer.from(withCanary(`overtaken ${newId()}`))
    const { there } = await openElsewhere()
    const learn = async (): Promise<void> => void (await addBadHash(there.districtId, content, 'Found.Meanwhile'))
    const id = await its.withFaults({ before: { closeAttachment: learn } }, async () => {
      const sent = await its.world.send(content, 'text/plain')
      expect(await its.world.scanOutcome(sent)).toEqual({ outcome: 'clean' })
      return sent
    })
    await its.untilWithdrawn(id, knownBad)
    expect(await its.row(id)).toMatchObject({ state: 'quarantined', signature: 'Found.Meanwhile' })
    expect(await its.download(id)).toBeNull()
  })

  test('and that nobody asked for is withdrawn by the next round, however old it is', async () => {
    const content = withCanary(`forgotten ${newId()}`)
    const id = await its.sendClean(content)
    await its.forgetEarlier()
    const { there } = await openElsewhere()
    await addBadHash(there.districtId, Buffer.from(content), 'Nobody.Asked')
    expect((await its.round()).counts).toMatchObject({ withdrawn: 1 })
    expect(await its.row(id)).toMatchObject({ state: 'quarantined', signature: 'Nobody.Asked', clean_key: null })
  })
})

describe('a hash that was once found bad', () => {
  test('is refused on sight in every district, whatever the engine says now, until the finding is lifted', async () => {
    const { world } = its
    const content = Buffer.from(withCanary(`harmless to the engine ${newId()}`))
    const sha256 = createHash('sha256').update(content).digest('hex')
    const { there } = await openElsewhere()
    await addBadHash(there.districtId, content, 'Old.Finding')
    const refused = await world.send(content, 'text/plain')
    expect(await world.scanOutcome(refused)).toEqual({ outcome: 'quarantined' })
    expect(await its.row(refused)).toMatchObject({ signature: 'Old.Finding', database_version: '26000' })
    expect(await alertsAbout(refused)).toHaveLength(1)

    const oncall = { kind: 'staff', name: 'oncall' } as const
    for (const { districtId } of [there, world.channel])
      await withDistrict(await world.database.open('oncall', 1), districtId, (tx) =>
        forgetBadHash(tx, { sha256, actor: oncall, reason: 'false positive' }),
      )
    expect(await acrossDistricts(world.adapters.sweeper, (tx) => findBadHash(tx, sha256))).toBeNull()
    const again = await world.send(content, 'text/plain')
    expect(await world.scanOutcome(again)).toEqual({ outcome: 'clean' })
  })
})
