import { randomUUID } from 'node:crypto'
import { afterAll, beforeAll, describe, expect, inject, test } from 'vitest'
import { scanAttachmentId } from '../../workflows/contract.ts'
import type { AttachmentWorld } from '../support/attachmentWorld.ts'
import { openScannedWorld } from '../support/openScannedWorld.ts'
import { present } from '../support/present.ts'
import { deadTemporal, readActs, typedBy } from '../support/readOncallActs.ts'
import { askOncall, runOncall } from '../support/runOncall.ts'
import { sealActs } from '../support/sealActs.ts'

// No API and no relay runs in this world, and every command is run as the process that responders start.
let world: AttachmentWorld
let infected: string
let clean: string
let districtId: string

beforeAll(async () => {
  ;({ world, infected, clean } = await openScannedWorld())
  districtId = world.channel.districtId
})
afterAll(() => world?.close())

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

describe('hashes', () => {
  test('a finding that was false is lifted, with a row, and a dry run lifts nothing', async () => {
    const listed = await runOncall(world, ['hashes', 'list', '--json'])
    const { hashes } = JSON.parse(listed.stdout) as { hashes: { sha256: string; districtId: string }[] }
    const { sha256 } = present(hashes.find((hash) => hash.districtId === districtId))
    expect(await askOncall(world, ['hashes', 'lift', sha256])).toMatchObject({
      document: { applied: false, districts: [{ outcome: 'refused' }] },
    })
    expect(await readActs(world, 'hash.lift')).toEqual([])
    const lifted = await runOncall(world, ['hashes', 'lift', sha256, '--apply', '--reason', 'says the vendor'])
    expect(lifted).toMatchObject({ code: 0, stdout: expect.stringContaining('lifted') })
    expect(await readActs(world, 'hash.lift')).toMatchObject([
      { district_id: districtId, target: sha256, reason: 'says the vendor', details: typedBy },
    ])
    expect(await runOncall(world, ['hashes', 'lift', sha256, '--apply', '--reason', 'again'])).toMatchObject({ code: 1, stdout: '' })
  })
})

test('the audit log that the commands added to is sealed and verified like any other', async () => {
  expect(await sealActs(world)).toMatchObject({ fault: null, unsealedEntries: 0 })
})
