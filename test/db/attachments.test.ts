import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { Database } from '../../db/openDatabase.ts'
import { findAttachment } from '../../db/queries/findAttachment.ts'
import { listAttachments } from '../../db/queries/listAttachments.ts'
import { mayStillDownload, recordDownload } from '../../db/queries/recordDownload.ts'
import { createTestDatabase } from '../support/database.ts'
import type { TestDatabase } from '../support/database.ts'
import { createTicketWorld, post, release } from './ticketWorld.ts'

let test: TestDatabase
let app: Database

beforeAll(async () => {
  test = await createTestDatabase()
  app = await test.open('app')
})
afterAll(() => test?.close())

const createWorld = () => createTicketWorld(test, app)

describe('an attachment', () => {
  it('is its uploader’s alone until it is posted, and the channel’s from then on', async () => {
    const world = await createWorld()
    const standing = async (actorId: string): Promise<unknown> => {
      const found = await world.in((tx) => findAttachment(tx, { ...world, actorId }))
      const listed = await world.in((tx) => listAttachments(tx, { channelId: world.channelId, actorId, as: 'party', limit: 10 }))
      return [found?.relation, found?.standing, listed.length]
    }
    expect(await standing(world.teacherId)).toEqual(['rostered', 'uploader', 1])
    expect(await standing(world.studentId)).toEqual(['stranger', 'none', 0])
    await post(world)
    expect(await standing(world.studentId)).toEqual(['rostered', 'audience', 1])
    expect(await standing(world.guardianId)).toEqual(['stranger', 'none', 0])
    await test.superuser.query('update enrollments set until_version = 2 where id = $1', [world.learningId])
    expect(await standing(world.teacherId)).toEqual(['stranger', 'none', 0])
    expect(await standing(world.studentId)).toEqual(['stranger', 'none', 0])
  })

  it('is downloaded only while clean, posted and rostered, and each download leaves a row that says who', async () => {
    const world = await createWorld()
    const ask = (actorId: string) => world.in((tx) => recordDownload(tx, { ...world, actorId }))
    const goOn = () => world.in((tx) => mayStillDownload(tx, { ...world, actorId: world.studentId }))
    expect(await ask(world.teacherId)).toBeNull()
    await release(world)
    expect(await ask(world.studentId)).toBeNull()
    await post(world)
    expect(await ask(world.studentId)).toMatchObject({
      cleanKey: `clean-${world.attachmentId}`,
      cleanBytes: 900,
      keyName: `district/${world.districtId}`,
    })
    expect(await goOn()).toBe(true)
    expect(await ask(world.guardianId)).toBeNull()
    await test.superuser.query('update enrollments set until_version = 2 where id = $1', [world.learningId])
    expect([await ask(world.studentId), await ask(world.teacherId), await goOn()]).toEqual([null, null, false])
    const { rows } = await test.superuser.query(
      `select actor, target from audit_entries where district_id = $1 and action = 'attachment.download'`,
      [world.districtId],
    )
    expect(rows).toEqual([{ actor: world.studentId, target: world.attachmentId }])
  })
})
