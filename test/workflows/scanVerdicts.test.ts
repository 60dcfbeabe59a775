import { createHash } from 'node:crypto'
import sharp from 'sharp'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { makeEicar } from '../../demo/corpus/eicar.ts'
import { makePhoto } from '../../demo/corpus/makeImage.ts'
import { makeEncryptedZip } from '../../demo/corpus/makeHostileZip.ts'
import { contentTypes } from '../../demo/corpus/corpusFile.ts'
import { createAttachmentWorld, type AttachmentWorld } from '../support/attachmentWorld.ts'
import { withCanary } from '../support/canary.ts'
import { openStored } from '../support/openStored.ts'
import { alertsAbout, mailsTo } from '../support/sinks.ts'
import { present } from '../support/present.ts'

let world: AttachmentWorld
beforeAll(async () => {
  world = await createAttachmentWorld()
  await world.startWorkers()
})
afterAll(() => world?.close())

const sha256 = (content: Buffer): string => createHash('sha256').update(content).digest('hex')
const incomingOf = async (id: string) => world.buckets.seen.incoming.listVersions((await world.row(id)).incoming_key)

describe('a clean file', () => {
  test('is stored encrypted under the key of its district, and nothing of it stays in incoming', async () => {
    const content = Buffer.from(withCanary('homework for Monday\n').repeat(5_000))
    const id = await world.send(content, 'text/plain')
    expect(await world.scanOutcome(id)).toEqual({ outcome: 'clean' })

    const row = await world.row(id)
    expect(row).toMatchObject({ state: 'clean', verdict: 'clean', clean_bytes: content.length, clean_content_type: 'text/plain' })
    expect(row.sha256?.toString('hex')).toBe(sha256(content))
    expect(await incomingOf(id)).toEqual([])
    const stored = await openStored(world, 'clean', present(row.clean_key))
    expect(stored.keyName).toBe(`district/${world.channel.districtId}`)
    expect(stored.plaintext.equals(content)).toBe(true)
    expect(stored.ciphertext.includes('homework')).toBe(false)
  })

  test('that is a photo loses its place and its device', async () => {
    const photo = await makePhoto('jpeg', { width: 640, height: 480 }, 120)
    expect((await sharp(photo).metadata()).exif).toBeDefined()
    const id = await world.send(photo, 'image/jpeg')
    expect(await world.scanOutcome(id)).toEqual({ outcome: 'clean' })
    const { plaintext } = await openStored(world, 'clean', present((await world.row(id)).clean_key))
    const seen = await sharp(plaintext).metadata()
    expect(seen).toMatchObject({ format: 'jpeg', width: 640, height: 480 })
    expect(seen.exif).toBeUndefined()
    expect(seen.xmp).toBeUndefined()
  })

  test('tells nobody: no mail, no alert', async () => {
    const id = await world.send(Buffer.from(withCanary('quiet')), 'text/plain')
    await world.scanOutcome(id)
    expect(await alertsAbout(id)).toEqual([])
  })
})

describe('an infected file', () => {
  test('is quarantined under the safety key, alerted once, and its uploader told', async () => {
    const before = (await mailsTo(world.channel.teacherEmail)).length
    const id = await world.send(makeEicar(), 'text/plain')
    expect(await world.scanOutcome(id)).toEqual({ outcome: 'quarantined' })

    const row = await world.row(id)
    expect(row).toMatchObject({ state: 'quarantined', verdict: 'infected', clean_key: null })
    expect(row.signature).toContain('Eicar')
    expect(await incomingOf(id)).toEqual([])
    const stored = await openStored(world, 'quarantine', present(row.quarantine_key))
    expect(stored.keyName).toBe('safety')
    expect(stored.plaintext.equals(makeEicar())).toBe(true)
    expect(stored.ciphertext.includes(makeEicar())).toBe(false)

    const alerts = await alertsAbout(id)
    expect(alerts).toHaveLength(1)
    expect(alerts[0]).toMatchObject({ event_action: 'trigger', dedup_key: `attachment-infected:${id}` })
    expect(alerts[0]?.payload?.custom_details).toMatchObject({
      actions: 'quarantined; nobody could open it',
      signature: row.signature,
    })
    expect(alerts[0]?.links?.at(-1)?.href).toContain(encodeURIComponent(`scan-attachment:${id}:1`))
    const mails = (await mailsTo(world.channel.teacherEmail)).slice(before)
    expect(mails).toMatchObject([{ subject: 'A file you sent was removed' }])
    expect(JSON.stringify(mails)).not.toContain('file.txt')
  })

  test('goes to quarantine even when its type would be refused', async () => {
    const id = await world.send(makeEicar(), 'application/pdf')
    expect(await world.scanOutcome(id)).toEqual({ outcome: 'quarantined' })
    expect(await world.row(id)).toMatchObject({ state: 'quarantined', verdict: 'infected', refusal_reason: null })
  })
})

describe('a file that cannot be inspected in full', () => {
  test.each([
    ['an encrypted archive', makeEncryptedZip([{ path: 'a.txt', content: Buffer.from('secret') }]), contentTypes.docx, 'encrypted'],
    ['a disguised type', Buffer.from('<html><script>1</script></html>'), 'image/png', 'type-mismatch'],
    ['a text that is not UTF-8', Buffer.from([0x48, 0xff, 0xfe, 0x00, 0x01]), 'text/plain', 'text-not-utf8'],
  ])('%s is refused with its reason, kept nowhere, and its uploader told', async (_, content, contentType, reason) => {
    const before = (await mailsTo(world.channel.teacherEmail)).length
    const id = await world.send(content, contentType)
    expect(await world.scanOutcome(id)).toEqual({ outcome: 'refused' })
    const row = await world.row(id)
    expect(row).toMatchObject({ state: 'refused', verdict: 'unscannable', refusal_reason: reason, clean_key: null, quarantine_key: null })
    expect(await incomingOf(id)).toEqual([])
    expect(await alertsAbout(id)).toEqual([])
    expect((await mailsTo(world.channel.teacherEmail)).slice(before)).toMatchObject([{ subject: 'A file you sent was not delivered' }])
  })

  test('an empty object is refused as empty, without asking the engine', async () => {
    const id = await world.addTicket()
    // The upload policy refuses it; only somebody with a right to the bucket can put it there.
    await world.buckets.put('incoming', (await world.row(id)).incoming_key, Buffer.alloc(0))
    await world.start(await world.complete(id))
    expect(await world.scanOutcome(id)).toEqual({ outcome: 'refused' })
    expect(await world.row(id)).toMatchObject({ state: 'refused', verdict: 'unscannable', refusal_reason: 'empty' })
  })
})

describe('the uploader', () => {
  test('is told nothing once the roster no longer connects them', async () => {
    const other = await createAttachmentWorld()
    try {
      const id = await other.addTicket()
      await other.upload(id, makeEicar())
      const start = await other.complete(id)
      // Yesterday, since in the district's time zone today may not have begun.
      await other.database.superuser.query(`update enrollments set ends = current_date - 1 where role = 'student'`)
      await other.startWorkers()
      await other.start(start)
      expect(await other.scanOutcome(id)).toEqual({ outcome: 'quarantined' })
      expect(await mailsTo(other.channel.teacherEmail)).toEqual([])
      expect(await alertsAbout(id)).toHaveLength(1)
    } finally {
      await other.close()
    }
  })
})
