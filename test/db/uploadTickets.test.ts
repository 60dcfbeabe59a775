import { v7 as newId } from 'uuid'
import { randomBytes } from 'node:crypto'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { acrossDistricts } from '../../db/openDatabase.ts'
import type { Database } from '../../db/openDatabase.ts'
import { completeAttachment, completeVanishedUpload } from '../../db/queries/completeAttachment.ts'
import { createAttachment } from '../../db/queries/createAttachment.ts'
import { expireAttachment } from '../../db/queries/expireAttachment.ts'
import { listDueTickets } from '../../db/queries/listDueTickets.ts'
import { reopenTicket } from '../../db/queries/reopenTicket.ts'
import { createTestDatabase } from '../support/database.ts'
import type { TestDatabase } from '../support/database.ts'
import { startFor, createTicketWorld, complete, stateOf, auditOf } from './ticketWorld.ts'

let test: TestDatabase
let app: Database

beforeAll(async () => {
  test = await createTestDatabase()
  app = await test.open('app')
})
afterAll(() => test?.close())

const createWorld = () => createTicketWorld(test, app)

describe('an upload ticket', () => {
  it('is given to a party of a live channel alone, and never beyond the district’s limit', async () => {
    const world = await createWorld()
    const ask = (uploaderId: string, bytes: number) =>
      world.in((tx) =>
        createAttachment(tx, {
          id: newId(),
          channelId: world.channelId,
          uploaderId,
          fileName: randomBytes(9),
          contentType: 'text/plain',
          bytes,
          ticketSeconds: 1,
        }),
      )
    expect(await ask(world.studentId, 1)).toMatchObject({ state: 'awaiting-upload', attempt: 1, uploaderId: world.studentId })
    expect(await ask(world.strangerId, 1)).toBeNull()
    expect(await ask(world.teacherId, 51 * 1024 * 1024)).toBeNull()
    await test.superuser.query('update users set is_active = false where id = $1', [world.studentId])
    expect(await ask(world.teacherId, 1)).toBeNull()
  })

  it('is completed once, by its uploader, with its outbox entry and its audit entry', async () => {
    const world = await createWorld()
    expect(await world.in((tx) => completeAttachment(tx, { ...world, actorId: world.studentId, startFor }))).toBeNull()
    const answers = await Promise.all([complete(world), complete(world), complete(world)])
    expect(answers.filter((answer) => answer !== null)).toHaveLength(1)
    const { rows } = await test.superuser.query('select workflow_id, input from outbox where district_id = $1', [world.districtId])
    expect(rows).toEqual([
      {
        workflow_id: `scan-attachment:${world.attachmentId}:1`,
        input: { districtId: world.districtId, attachmentId: world.attachmentId, attempt: 1 },
      },
    ])
    expect(await auditOf(world)).toEqual(['attachment.complete'])
    expect(await stateOf(world)).toMatchObject({ state: 'scanning', attempt: 1 })
  })

  it('leaves neither row nor outbox entry when the transaction fails', async () => {
    const world = await createWorld()
    const failing = world.in(async (tx) => {
      await completeAttachment(tx, { ...world, actorId: world.teacherId, startFor })
      throw new Error('stop')
    })
    await expect(failing).rejects.toThrow('stop')
    const { rowCount } = await test.superuser.query('select 1 from outbox where district_id = $1', [world.districtId])
    expect([rowCount, (await stateOf(world)).state, await auditOf(world)]).toEqual([0, 'awaiting-upload', []])
  })

  it('waits again when nothing was uploaded, and its next completion is a run of its own', async () => {
    const world = await createWorld()
    await complete(world)
    expect(await world.in((tx) => reopenTicket(tx, { ...world, attempt: 1 }))).toBe(true)
    expect(await world.in((tx) => reopenTicket(tx, { ...world, attempt: 1 }))).toBe(false)
    expect(await complete(world)).toMatchObject({ workflowId: `scan-attachment:${world.attachmentId}:2` })
  })

  it('expires when no upload can still be running, and not before', async () => {
    const world = await createWorld()
    const sweeper = await test.open('sweeper', 1)
    const due = async (): Promise<boolean> =>
      (await acrossDistricts(sweeper, (tx) => listDueTickets(tx, { longestUploadSeconds: 60, after: null, limit: 100 }))).some(
        ({ attachmentId }) => attachmentId === world.attachmentId,
      )
    const expire = () => world.in((tx) => expireAttachment(tx, { ...world, longestUploadSeconds: 60 }))
    expect([await due(), await expire()]).toEqual([false, false])
    await test.superuser.query(`update attachments set ticket_expires_at = now() - interval '59 seconds' where id = $1`, [
      world.attachmentId,
    ])
    expect([await due(), await expire()]).toEqual([false, false])
    await test.superuser.query(`update attachments set ticket_expires_at = now() - interval '61 seconds' where id = $1`, [
      world.attachmentId,
    ])
    expect([await due(), await expire()]).toEqual([true, true])
    expect([await complete(world), (await stateOf(world)).state]).toEqual([null, 'expired'])
  })

  it('is completed for a client that vanished', async () => {
    const world = await createWorld()
    await test.superuser.query('update users set is_active = false where id = $1', [world.teacherId])
    expect(await complete(world)).toBeNull()
    expect(await world.in((tx) => completeVanishedUpload(tx, { ...world, startFor }))).not.toBeNull()
  })
})
