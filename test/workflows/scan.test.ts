import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { withCanary } from '../support/canary.ts'
import { createAttachmentWorld, type AttachmentWorld } from '../support/attachmentWorld.ts'
import { scanAttachmentId } from '../../workflows/contract.ts'

let world: AttachmentWorld
beforeAll(async () => {
  world = await createAttachmentWorld()
  await world.startWorkers()
})
afterAll(() => world?.close())

describe('scanAttachment', () => {
  test('a harmless text ends clean', async () => {
    const id = await world.send(Buffer.from(withCanary('hello')), 'text/plain')
    const result = await world.adapters.client.workflow.getHandle(scanAttachmentId(id, 1)).result()
    expect(result).toEqual({ outcome: 'clean' })
  })
})
