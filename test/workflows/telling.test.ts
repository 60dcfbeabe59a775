import { WorkflowFailedError } from '@temporalio/client'
import { afterAll, beforeAll, describe, expect, inject, test } from 'vitest'
import { MailUnavailable } from '../../clients/smtpMailer.ts'
import { PagerRefused, PagerUnavailable } from '../../clients/pagerDuty.ts'
import { makeEicar } from '../../demo/corpus/eicar.ts'
import { scanAttachmentId } from '../../workflows/contract.ts'
import { createAttachmentWorld, testPace, type AttachmentWorld } from '../support/attachmentWorld.ts'
import { withCanary } from '../support/canary.ts'
import { alertsAbout, mailsTo } from '../support/sinks.ts'
import { startFaultyWorkers } from '../support/startFaultyWorkers.ts'
import { startTcpGate, type TcpGate } from '../support/tcpGate.ts'

/** Runs that are continued after every second round. */
const pace = { ...testPace, attemptsPerRound: 1, waitBetweenRoundsMs: 50, roundsPerRun: 2 }

let world: AttachmentWorld
let gate: TcpGate
beforeAll(async () => {
  gate = await startTcpGate(inject('stack').clamd)
  world = await createAttachmentWorld({ clamd: { host: '127.0.0.1', port: gate.port } })
})
afterAll(async () => {
  await world?.close()
  await gate?.stop()
})

/** Workers with faults, for one test. */
const within = async (faults: Parameters<typeof startFaultyWorkers>[1], check: () => Promise<void>): Promise<void> => {
  const workers = await startFaultyWorkers(world, faults)
  try {
    await check()
  } finally {
    gate.set('open')
    await workers.drain()
  }
}

const failuresOf = (count: number, fault: () => Error) => {
  let left = count
  return async (): Promise<void> => {
    left -= 1
    if (left >= 0) throw fault()
  }
}
const statusOf = async (id: string) => (await world.adapters.client.workflow.getHandle(scanAttachmentId(id, 1)).describe()).status.name
const countAllMails = async (): Promise<number> => (await mailsTo(world.channel.teacherEmail)).length
/** How many the uploader has got since. */
const countMails = async (): Promise<() => Promise<number>> => {
  const before = await countAllMails()
  return async () => (await countAllMails()) - before
}
const losePinned = async ({ attachmentId }: { attachmentId: string }): Promise<void> => {
  await world.adapters.incoming.deleteAllVersions((await world.row(attachmentId)).incoming_key)
}
const pagerAway = () => new PagerUnavailable('the pager took no alert')

describe('malware that was found is told to the engineers', () => {
  test('although the quarantine then hits a fault that no repetition cures, and the run fails', async () => {
    await within({ before: { quarantineObject: losePinned } }, async () => {
      const id = await world.send(makeEicar(), 'text/plain')
      await expect(world.scanOutcome(id)).rejects.toMatchObject({ cause: { type: 'PinnedVersionGone' } })
      expect(await world.row(id)).toMatchObject({ state: 'failed' })
      expect(await alertsAbout(id)).toMatchObject([{ payload: { custom_details: { state: 'failed' } } }])
    })
  })

  test('while the quarantine is away', async () => {
    const quarantineObject = failuresOf(3, () => new Error('store away'))
    await within({ pace: { ...pace, roundsPerRun: 20 }, before: { quarantineObject } }, async () => {
      const id = await world.send(makeEicar(), 'text/plain')
      expect(await world.scanOutcome(id)).toEqual({ outcome: 'quarantined' })
      expect(await alertsAbout(id)).toMatchObject([{ payload: { custom_details: { state: 'scanning' } } }])
    })
  })

  test('although it was deleted meanwhile and the pager is away for longer than a run lasts', async () => {
    await within({ pace, before: { alertInfected: failuresOf(7, pagerAway) } }, async () => {
      gate.set('held')
      const id = await world.send(makeEicar(), 'text/plain')
      await gate.waiting()
      await world.remove(id)
      gate.set('open')
      expect(await world.scanOutcome(id)).toEqual({ outcome: 'superseded' })
      expect(await alertsAbout(id)).toMatchObject([{ payload: { custom_details: { state: 'deleted' } } }])
    })
  })

  test('before the row is closed, and so is its uploader: a run that is lost in between is replayed', async () => {
    const seen: { alerts: number; mails: number }[] = []
    const mails = await countMails()
    const closeAttachment = async ({ attachmentId }: { attachmentId: string }) =>
      void seen.push({ alerts: (await alertsAbout(attachmentId)).length, mails: await mails() })
    await within({ before: { closeAttachment } }, async () => {
      const id = await world.send(makeEicar(), 'text/plain')
      expect(await world.scanOutcome(id)).toEqual({ outcome: 'quarantined' })
      expect(seen).toEqual([{ alerts: 1, mails: 1 }])
    })
  })
})

describe('telling one does not wait for the other', () => {
  test('a pager that takes no alert of ours: the row is closed, the uploader told, and the run ends as failed so that it is seen', async () => {
    const pager = { raise: () => Promise.reject(new PagerRefused('the pager answered 400')) }
    const mails = await countMails()
    await within({ adapters: { pager } }, async () => {
      const id = await world.send(makeEicar(), 'text/plain')
      const failure = await world.scanOutcome(id).catch((error: unknown) => error)
      expect(failure).toBeInstanceOf(WorkflowFailedError)
      expect(failure).toMatchObject({ cause: { type: 'PagerRefused' } })
      expect(await world.row(id)).toMatchObject({ state: 'quarantined' })
      expect(await mails()).toBe(1)
    })
  })

  test.each([
    ['a pager that is away for long: the row is closed', { alertInfected: failuresOf(9, pagerAway) }],
    ['a mail server that is away: the engineers hear at once', { tellUploader: failuresOf(6, () => new MailUnavailable('EAUTH_530')) }],
  ])('%s, and the uploader is told once, however often the run is continued', async (_, before) => {
    const mails = await countMails()
    await within({ pace, before }, async () => {
      const id = await world.send(makeEicar(), 'text/plain')
      expect(await world.scanOutcome(id)).toEqual({ outcome: 'quarantined' })
      expect(await alertsAbout(id)).toHaveLength(1)
      expect(await mails()).toBe(1)
    })
  })
})

describe('a run that fails', () => {
  test('ends as failed however long it is kept from telling, and however often it was continued', async () => {
    await within({ pace, before: { alertInfected: failuresOf(7, pagerAway), quarantineObject: losePinned } }, async () => {
      const id = await world.send(makeEicar(), 'text/plain')
      await expect(world.scanOutcome(id)).rejects.toMatchObject({ cause: { type: 'PinnedVersionGone' } })
      expect(await statusOf(id)).toBe('FAILED')
      expect(await alertsAbout(id)).toHaveLength(1)
    })
  })

  test('of a clean file waits for no pager', async () => {
    const pager = { raise: () => Promise.reject(pagerAway()) }
    await within({ pace, adapters: { pager }, before: { inspectObject: failuresOf(5, () => new Error('away')) } }, async () => {
      const id = await world.send(Buffer.from(withCanary('harmless')), 'text/plain')
      expect(await world.scanOutcome(id)).toEqual({ outcome: 'clean' })
    })
  })
})
