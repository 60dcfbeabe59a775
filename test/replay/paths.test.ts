/**
 * Walks every path of every workflow for real, and replays what it made. With `SAVE_HISTORIES=1` (`npm run histories`) it also
 * writes the histories that `replay.test.ts` keeps replaying after the code has moved on.
 */
import { randomBytes, randomUUID } from 'node:crypto'
import { afterAll, beforeAll, describe, expect, inject, test, vi } from 'vitest'
import { PagerRefused } from '../../clients/pagerDuty.ts'
import { makeEicar } from '../../demo/corpus/eicar.ts'
import type { VirusScanner } from '../../domain/ports.ts'
import type { Adapters } from '../../worker/openAdapters.ts'
import { relayOutbox } from '../../worker/relayOutbox.ts'
import {
  decideRemovalId,
  closeSchoolYearId,
  followReportId,
  getProgressQuery,
  knownBad,
  lookNowSignal,
  rescanAttachmentId,
  retryNowSignal,
  scanAttachmentId,
  settleVersionId,
  syncRosterId,
  toDecisionStart,
  writeScopeReceiptId,
  type RosterPace,
  type ScanProgress,
} from '../../workflows/contract.ts'
import { createAttachmentWorld, testPace, type AttachmentWorld } from '../support/attachmentWorld.ts'
import { withCanary } from '../support/canary.ts'
import { expectHistoryKept } from '../support/expectHistoryKept.ts'
import { createRosterActs, packBulk, testRosterPace, withoutStudent, type RosterActs } from '../support/rosterActs.ts'
import { createReportActs, testSafetyPace } from '../support/reportActs.ts'
import { mailsTo } from '../support/sinks.ts'
import { startFaultyWorkers } from '../support/startFaultyWorkers.ts'
import { startApiProcess, type ApiProcess } from '../support/startApiProcess.ts'
import { startTcpGate, type TcpGate } from '../support/tcpGate.ts'

let world: AttachmentWorld
let gate: TcpGate
let api: ApiProcess
beforeAll(async () => {
  gate = await startTcpGate(inject('stack').clamd)
  world = await createAttachmentWorld({
    clamd: { host: '127.0.0.1', port: gate.port },
    pace: {
      ...testPace,
      attemptsPerRound: 1,
      waitBetweenTriesMs: 3_600_000,
      waitBetweenRoundsMs: 3_600_000,
      roundsPerRun: 2,
      delayedAfterMs: 3_000,
    },
    quarantineDays: 0,
    rosterPace: { ...testRosterPace },
    safetyPace: testSafetyPace,
  })
  api = startApiProcess(world)
  Object.assign(world.config, { synthetic: { apiUrl: await api.url, intervalSeconds: 300, limitSeconds: 60, lookEverySeconds: 0.2 } })
  await world.startWorkers()
})
afterAll(async () => {
  await world?.close()
  await api?.kill('SIGTERM')
  await gate?.stop()
})

const harmless = (): Buffer => Buffer.from(withCanary('harmless'))
const scanOf = (id: string, attempt = 1) => world.adapters.client.workflow.getHandle(scanAttachmentId(id, attempt))

type Path = { name: string; walk: () => Promise<{ workflowId: string; runId?: string }> }

const progressOf = (id: string): Promise<ScanProgress> => scanOf(id).query<ScanProgress>(getProgressQuery)
const untilRound = (id: string, round: number) =>
  vi.waitFor(async () => expect((await progressOf(id)).round).toBe(round), { timeout: 30_000, interval: 100 })

const untilDelayed = (id: string) =>
  vi.waitFor(async () => expect((await progressOf(id)).stage).toBe('delayed'), { timeout: 30_000, interval: 100 })

const scanPath = (name: string, walk: () => Promise<{ id: string; attempt?: number }>): Path => ({
  name: `scanAttachment.${name}`,
  walk: async () => {
    const { id, attempt = 1 } = await walk()
    await scanOf(id, attempt)
      .result()
      .catch(() => undefined)
    return { workflowId: scanAttachmentId(id, attempt) }
  },
})

const sendAnd = async (content: Buffer, contentType: string, then: (id: string) => Promise<void>): Promise<{ id: string }> => {
  const id = await world.send(content, contentType)
  await then(id)
  return { id }
}

const maintenancePath = (workflow: string): Path => ({
  name: `${workflow}.done`,
  walk: async () => {
    const workflowId = `${workflow}-${randomBytes(6).toString('hex')}`
    await world.adapters.client.workflow.execute(workflow, { workflowId, taskQueue: world.config.taskQueues.maintenance })
    return { workflowId }
  },
})

/** A school year that ended long ago, of the world's own district. */
const yearPath: Path = {
  name: 'closeSchoolYear.done',
  walk: async () => {
    const { districtId, teacherId, studentId } = world.channel
    const { superuser } = world.database
    await superuser.query(
      `insert into terms (district_id, id, sourced_id, title, begins, ends, school_year)
       values ($1, gen_random_uuid(), 'past', 'Past', current_date - 900, current_date - 600, 2020)`,
      [districtId],
    )
    await superuser.query(
      `insert into channels (district_id, id, teacher_id, participant_id, student_id, school_year) values ($1, gen_random_uuid(), $2, $3, $3, 2020)`,
      [districtId, teacherId, studentId],
    )
    await superuser.query('insert into school_year_ends (district_id, school_year) values ($1, 2020)', [districtId])
    const ref = { districtId, schoolYear: 2020, attempt: 1 }
    const workflowId = closeSchoolYearId(ref)
    const taskQueue = world.config.taskQueues.roster
    const closed: unknown = await world.adapters.client.workflow.execute('closeSchoolYear', { workflowId, taskQueue, args: [ref] })
    expect(closed).toEqual({ channels: 1, told: 1 })
    return { workflowId }
  },
}

/** A report that nobody decides. */
const reportPath: Path = {
  name: 'followReport.done',
  walk: async () => {
    const acts = await createReportActs(world)
    await acts.name('safety')
    const { reportId, start } = await acts.report()
    await acts.start(start)
    expect(await acts.runOf(reportId).result()).toEqual({ told: 1, toldAgain: 1 })
    return { workflowId: followReportId(reportId, 1) }
  },
}

/** An announcement of the world's own teacher to the section: one student receives it. */
const receiptPath: Path = {
  name: 'writeScopeReceipt.done',
  walk: async () => {
    const { districtId, teacherId } = world.channel
    const announcementId = randomUUID()
    await world.database.superuser.query('update districts set roster_version = 1 where id = $1', [districtId])
    await world.database.superuser.query(
      `insert into announcements (district_id, id, section_id, seq, author_id, recipients, body, roster_version, day, has_guardians, created_at)
       select $1, $2, section_id, 1, $3, 'both', '\\x00', 1, current_date, true, now() from enrollments where district_id = $1 and user_id = $3`,
      [districtId, announcementId, teacherId],
    )
    const workflowId = writeScopeReceiptId({ districtId, announcementId })
    const taskQueue = world.config.taskQueues.roster
    const args = [{ districtId, announcementId }]
    const written: unknown = await world.adapters.client.workflow.execute('writeScopeReceipt', { workflowId, taskQueue, args })
    expect(written).toEqual({ recipients: 1 })
    return { workflowId }
  },
}

const syntheticPath = (end: string, limitSeconds: number): Path => ({
  name: `sendSyntheticEicar.${end}`,
  walk: async () => {
    const workflowId = `synthetic-${randomBytes(6).toString('hex')}`
    gate.set(end === 'quarantined' ? 'open' : 'closed')
    const found = await world.adapters.client.workflow.execute('sendSyntheticEicar', {
      workflowId,
      taskQueue: world.config.taskQueues.maintenance,
      args: [{ limitSeconds, lookEverySeconds: 0.2 }],
    })
    gate.set('open')
    expect(found).toEqual({ end })
    return { workflowId }
  },
})

/** A clean file to which something happens, and the run that looks at it again. */
const rescanPath = (name: string, happen: (id: string) => Promise<unknown>, databaseVersion = 'local'): Path => ({
  name: `rescanAttachment.${name}`,
  walk: async () => {
    const id = await world.send(harmless(), 'text/plain')
    await scanOf(id).result()
    await happen(id)
    const workflowId = rescanAttachmentId(id, databaseVersion)
    const handle = await world.adapters.client.workflow.start('rescanAttachment', {
      workflowId,
      taskQueue: world.config.taskQueues.attachments,
      args: [{ districtId: world.channel.districtId, attachmentId: id, databaseVersion }],
    })
    await handle.result().catch(() => undefined)
    gate.set('open')
    // The files of these paths are the same bytes.
    await world.database.superuser.query('delete from bad_hashes')
    return { workflowId }
  },
})

const withdrawnPath = (name: string): Path =>
  rescanPath(
    name,
    (id) =>
      world.database.superuser.query(
        `insert into bad_hashes select district_id, sha256, 'Test.Finding', '1.4.6', '1', now() from attachments where id = $1
         on conflict do nothing`,
        [id],
      ),
    knownBad,
  )

/** Walks while the workers have these in place of their own adapters. */
const withFaultyWorkers = async <T>(adapters: Partial<Adapters>, walk: () => Promise<T>): Promise<T> => {
  await Promise.all(world.running().map((workers) => workers.drain()))
  const faulty = await startFaultyWorkers(world, { adapters })
  try {
    return await walk()
  } finally {
    await faulty.drain()
    await world.startWorkers()
  }
}

/** The engine as after an update by which it looks at less: at what passed once. */
const inspectingLess = (): VirusScanner => {
  const { scanner } = world.adapters
  let scans = 0
  const scan: VirusScanner['scan'] = async (body, options) => {
    const answer = await scanner.scan(body, options)
    scans += 1
    return scans === 1 ? answer : { result: 'not-inspected', signature: 'Heuristics.Limits.Exceeded', engine: answer.engine }
  }
  return { ...scanner, scan }
}

/** A round in which one file is due; `runId` of its first run. */
const roundPath = (name: string, happen: () => Promise<unknown>): Path => ({
  name: `rescanAttachments.${name}`,
  walk: async () => {
    const id = await world.send(harmless(), 'text/plain')
    await scanOf(id).result()
    await world.database.superuser.query(`update attachments set database_version = '1' where id = $1`, [id])
    await happen()
    const workflowId = `rescan-attachments-${randomBytes(6).toString('hex')}`
    const handle = await world.adapters.client.workflow.start('rescanAttachments', {
      workflowId,
      taskQueue: world.config.taskQueues.maintenance,
    })
    const runId = handle.firstExecutionRunId
    await handle.result()
    gate.set('open')
    return { workflowId, runId }
  },
})

const relay = () => relayOutbox({ relay: world.adapters.relay, client: world.adapters.client, ageSeconds: 0 })
/** The feed with everybody, and the one with somebody less. */
const feeds = { everyone: () => packBulk(), fewer: () => packBulk(withoutStudent) }
/** While runs about rosters keep another pace. */
const withRosterPace = async <T>(pace: Partial<RosterPace>, walk: () => Promise<T>): Promise<T> => {
  Object.assign(world.config.rosterPace, pace)
  try {
    return await walk()
  } finally {
    Object.assign(world.config.rosterPace, testRosterPace)
  }
}

/** A brake that lets nobody go. */
const brakeOfOne = { percent: 10, rows: 1 }

/** One sync of a district of its own. */
const syncPath = (
  name: string,
  walk: (district: RosterActs) => Promise<{ syncId: string; runId?: string }>,
  brake?: typeof brakeOfOne,
): Path => ({
  name: `syncRoster.${name}`,
  walk: async () => {
    const district = await createRosterActs(world, brake)
    const { syncId, runId } = await walk(district)
    await district
      .syncOf(syncId)
      .result()
      .catch(() => undefined)
    return { workflowId: syncRosterId(syncId, 1), ...(runId === undefined ? {} : { runId }) }
  },
})

const expectEnd = async (run: ReturnType<RosterActs['syncOf']>, outcome: string): Promise<void> => {
  expect(await run.result()).toEqual({ outcome })
}

/** Until the run is followed by another. */
const untilContinued = (run: ReturnType<RosterActs['syncOf']>, runId: string): Promise<void> =>
  vi.waitFor(
    async () => {
      if ((await run.describe()).runId === runId) throw new Error('the run has not continued')
    },
    { timeout: 30_000, interval: 100 },
  )

const untilTold = (address: string, times: number): Promise<void> =>
  vi.waitFor(
    async () => {
      const mails = await mailsTo(address)
      if (mails.length !== times) throw new Error(`told ${mails.length} times`)
    },
    { timeout: 30_000, interval: 100 },
  )

const holdTurn = async (district: RosterActs): Promise<{ free: () => Promise<unknown> }> => {
  const ahead = await district.addTicket()
  const set = (state: string) => world.database.superuser.query('update roster_syncs set state = $2 where id = $1', [ahead, state])
  await set('running')
  return { free: () => set('expired') }
}

const untilWaiting = (district: RosterActs, syncId: string) =>
  vi.waitFor(async () => expect((await district.syncOf(syncId).describe()).searchAttributes['Stage']).toEqual(['waiting']), {
    timeout: 30_000,
    interval: 100,
  })

/** A district of which the last feed would have removed more than its brake lets pass, and the run that waits for the decision. */
const decisionPath = (
  name: string,
  walk: (district: RosterActs, syncId: string) => Promise<{ runId?: string } | undefined>,
  pace: Partial<RosterPace> = {},
): Path => ({
  name: `decideRemoval.${name}`,
  walk: () =>
    withRosterPace(pace, async () => {
      const district = await createRosterActs(world, brakeOfOne)
      await district.syncOf(await district.send(await feeds.everyone())).result()
      const syncId = await district.send(await feeds.fewer())
      await district.syncOf(syncId).result()
      await relay()
      const walked = await walk(district, syncId)
      await district
        .decisionOf(syncId)
        .result()
        .catch(() => undefined)
      return { workflowId: decideRemovalId(syncId), ...walked }
    }),
})

const refuseAlert = (): Promise<void> => Promise.reject(new PagerRefused('planted'))
/** The decision is carried out all the same; the run ends as failed, so that somebody sees that nobody was paged. */
const decideThoughNobodyIsPaged = async (district: RosterActs, syncId: string): Promise<undefined> => {
  await untilTold(district.administrator.email, 2)
  await district.decide(syncId, 'approving')
  await expect(district.decisionOf(syncId).result()).rejects.toMatchObject({ cause: { type: 'PagerRefused' } })
}

const paths: Path[] = [
  reportPath,
  syntheticPath('quarantined', 60),
  syntheticPath('not-quarantined', 1),
  scanPath('clean', async () => ({ id: await world.send(harmless(), 'text/plain') })),
  scanPath('stored-later', async () => {
    const { clean } = world.adapters
    const write = clean.write.bind(clean)
    clean.write = () => {
      clean.write = write
      return Promise.reject(Object.assign(new Error('full'), { code: 'ENOSPC' }))
    }
    return { id: await world.send(harmless(), 'text/plain') }
  }),
  scanPath('infected', async () => ({ id: await world.send(makeEicar(), 'text/plain') })),
  scanPath('refused', async () => ({ id: await world.send(harmless(), 'image/png') })),
  scanPath('no-object', async () => {
    const id = await world.addTicket()
    await world.start(await world.complete(id))
    return { id }
  }),
  scanPath('placed-before', async () => {
    const id = await world.send(harmless(), 'text/plain')
    await scanOf(id).result()
    await world.database.superuser.query(`update attachments set state = 'scanning', attempt = 2 where id = $1`, [id])
    const input = { districtId: world.channel.districtId, attachmentId: id, attempt: 2 }
    await world.start({
      type: 'scanAttachment',
      workflowId: scanAttachmentId(id, 2),
      taskQueue: world.config.taskQueues.attachments,
      input,
    })
    return { id, attempt: 2 }
  }),
  scanPath('failed', async () => {
    const id = await world.addTicket()
    await world.upload(id, harmless())
    const start = await world.complete(id)
    await world.database.superuser.query(`update attachments set incoming_version_id = 'gone' where id = $1`, [id])
    await world.start(start)
    return { id }
  }),
  scanPath('deleted-meanwhile', async () => {
    gate.set('held')
    const sent = await sendAnd(harmless(), 'text/plain', async (id) => {
      await gate.waiting()
      await world.remove(id)
    })
    gate.set('open')
    return sent
  }),
  scanPath('delayed', async () => {
    gate.set('closed')
    return sendAnd(harmless(), 'text/plain', async (id) => {
      await untilDelayed(id)
      gate.set('open')
      await scanOf(id).signal(retryNowSignal)
    })
  }),
  {
    name: 'scanAttachment.continued',
    walk: async () => {
      gate.set('closed')
      const id = await world.send(harmless(), 'text/plain')
      await untilRound(id, 1)
      const { runId } = await scanOf(id).describe()
      await scanOf(id).signal(retryNowSignal)
      await vi.waitFor(async () => expect((await scanOf(id).describe()).runId).not.toBe(runId), { timeout: 30_000, interval: 100 })
      gate.set('open')
      await untilDone(id)
      return { workflowId: scanAttachmentId(id, 1), runId }
    },
  },
  {
    name: 'removeAttachment.done',
    walk: async () => {
      const id = await world.send(harmless(), 'text/plain')
      await scanOf(id).result()
      const removal = await world.remove(id)
      await world.start(removal)
      await world.adapters.client.workflow.getHandle(removal.workflowId).result()
      return { workflowId: removal.workflowId }
    },
  },
  maintenancePath('sweepAttachments'),
  maintenancePath('sweepStoredObjects'),
  maintenancePath('closeSchoolYears'),
  yearPath,
  receiptPath,
  maintenancePath('purgeQuarantine'),
  maintenancePath('archiveHistories'),
  maintenancePath('sweepRosters'),
  maintenancePath('sweepNotices'),
  maintenancePath('purgeFeeds'),
  syncPath('applied', async (district) => ({ syncId: await district.send(await feeds.everyone()) })),
  syncPath(
    'partly-applied',
    async (district) => {
      await district.syncOf(await district.send(await feeds.everyone())).result()
      const syncId = await district.send(await feeds.fewer())
      await expectEnd(district.syncOf(syncId), 'partly-applied')
      return { syncId }
    },
    brakeOfOne,
  ),
  syncPath('unreadable', async (district) => {
    const syncId = await district.send(Buffer.from('no zip'))
    await expectEnd(district.syncOf(syncId), 'unreadable')
    return { syncId }
  }),
  syncPath('stale', async (district) => {
    const syncId = await district.addTicket()
    await district.syncOf(await district.send(await feeds.everyone())).result()
    await district.upload(syncId, await feeds.fewer())
    await district.start(await district.complete(syncId))
    await expectEnd(district.syncOf(syncId), 'stale')
    return { syncId }
  }),
  syncPath('no-feed', async (district) => {
    const syncId = await district.addTicket()
    await district.start(await district.complete(syncId))
    return { syncId }
  }),
  syncPath('superseded', async (district) => {
    const syncId = await district.addTicket()
    const start = await district.complete(syncId)
    await world.database.superuser.query('update roster_syncs set attempt = 2 where id = $1', [syncId])
    await district.start(start)
    return { syncId }
  }),
  syncPath('failed', async (district) => {
    const syncId = await district.addTicket()
    const start = await district.complete(syncId)
    await world.database.superuser.query(`update roster_syncs set object_version_id = 'gone' where id = $1`, [syncId])
    await district.start(start)
    return { syncId }
  }),
  syncPath('waited', async (district) => {
    const turn = await holdTurn(district)
    const syncId = await district.send(await feeds.everyone())
    await untilWaiting(district, syncId)
    await turn.free()
    await district.syncOf(syncId).signal(lookNowSignal)
    return { syncId }
  }),
  syncPath('continued', (district) =>
    withRosterPace({ waitsPerRun: 2 }, async () => {
      const turn = await holdTurn(district)
      const syncId = await district.send(await feeds.everyone())
      const { runId } = await district.syncOf(syncId).describe()
      await untilContinued(district.syncOf(syncId), runId)
      await turn.free()
      await district.syncOf(syncId).result()
      return { syncId, runId }
    }),
  ),
  {
    name: 'syncRoster.delayed',
    walk: () => {
      const { roster } = world.adapters
      let reads = 0
      const read: typeof roster.read = (...args) => {
        reads += 1
        return reads === 1 ? Promise.reject(new Error('away')) : roster.read(...args)
      }
      const sent = syncPath('delayed', async (district) => ({ syncId: await district.send(await feeds.everyone()) }))
      return withFaultyWorkers({ roster: { ...roster, read } }, sent.walk)
    },
  },
  decisionPath('approved', async (district, syncId) => {
    await district.decide(syncId, 'approving')
    await expectEnd(district.decisionOf(syncId), 'approved')
    return undefined
  }),
  decisionPath('lifted', async (district, syncId) => {
    await untilTold(district.administrator.email, 1)
    await district.syncOf(await district.send(await feeds.everyone())).result()
    await expectEnd(district.decisionOf(syncId), 'lifted')
    return undefined
  }),
  {
    name: 'decideRemoval.failed',
    walk: () =>
      withFaultyWorkers(
        { pager: { raise: refuseAlert } },
        decisionPath('failed', decideThoughNobodyIsPaged, { escalateAfterMs: 1_000 }).walk,
      ),
  },
  decisionPath('discarded', async (district, syncId) => {
    await district.decide(syncId, 'discarding')
    await expectEnd(district.decisionOf(syncId), 'discarded')
    return undefined
  }),
  decisionPath(
    'undecided',
    async (district, syncId) => {
      await untilTold(district.administrator.email, 2)
      await district.decide(syncId, 'approving')
      await expectEnd(district.decisionOf(syncId), 'approved')
      return undefined
    },
    { escalateAfterMs: 1_000 },
  ),
  decisionPath(
    'continued',
    async (district, syncId) => {
      const { runId } = await district.decisionOf(syncId).describe()
      await untilContinued(district.decisionOf(syncId), runId)
      await district.decide(syncId, 'discarding')
      await expectEnd(district.decisionOf(syncId), 'discarded')
      return { runId }
    },
    { waitsPerRun: 2 },
  ),
  {
    name: 'decideRemoval.none',
    walk: async () => {
      const district = await createRosterActs(world)
      const syncId = await district.addTicket()
      await district.start(toDecisionStart(world.config.taskQueues.roster)({ districtId: district.districtId, syncId, attempt: 1 }))
      await district.decisionOf(syncId).result()
      return { workflowId: decideRemovalId(syncId) }
    },
  },
  {
    name: 'settleVersion.done',
    walk: async () => {
      const district = await createRosterActs(world)
      await district.syncOf(await district.send(await feeds.everyone())).result()
      await district.syncOf(await district.send(await feeds.fewer())).result()
      await relay()
      const workflowId = settleVersionId({ districtId: district.districtId, version: 2 })
      await world.adapters.client.workflow.getHandle(workflowId).result()
      return { workflowId }
    },
  },
  rescanPath('passed', async () => undefined),
  rescanPath('superseded', (id) => world.remove(id)),
  rescanPath('postponed', async () => gate.set('closed')),
  rescanPath('unreadable', async (id) => world.buckets.seen.clean.deleteAllVersions((await world.row(id)).clean_key ?? '')),
  withdrawnPath('withdrawn'),
  {
    name: 'rescanAttachment.untold',
    walk: async () => {
      const { pace } = world.config
      const { waitBetweenTriesMs } = pace
      Object.assign(pace, { waitBetweenTriesMs: 20 })
      const walked = await withFaultyWorkers({ pager: { raise: () => Promise.reject(new Error('away')) } }, withdrawnPath('untold').walk)
      Object.assign(pace, { waitBetweenTriesMs })
      await world.database.superuser.query('update attachments set clean_key = null where withdrawn_by is not null')
      return walked
    },
  },
  {
    name: 'rescanAttachment.not-inspected',
    walk: () => withFaultyWorkers({ scanner: inspectingLess() }, rescanPath('not-inspected', async () => undefined).walk),
  },
  rescanPath('engine-behind', async () => undefined, '99999'),
  roundPath('seen-all', async () => undefined),
  {
    name: 'rescanAttachments.not-inspected',
    walk: () => withFaultyWorkers({ scanner: inspectingLess() }, roundPath('not-inspected', async () => undefined).walk),
  },
  roundPath('taken-up', async () => {
    const id = await world.send(harmless(), 'text/plain')
    await scanOf(id).result()
    await world.database.superuser.query(
      `update attachments set state = 'quarantined', verdict = 'infected', signature = 'Test.Finding', withdrawn_by = $2 where id = $1`,
      [id, rescanAttachmentId(id, knownBad)],
    )
  }),
  roundPath('engine-away', async () => gate.set('closed')),
  roundPath('continued', async () => Object.assign(world.config.rescan, { pagesPerRun: 1 })),
]

/** The continued run may be waiting for its next round, or not have failed yet. */
const untilDone = (id: string): Promise<void> =>
  vi.waitFor(
    async () => {
      const handle = scanOf(id)
      await handle.signal(retryNowSignal).catch(() => undefined)
      expect((await handle.describe()).status.name).toBe('COMPLETED')
    },
    { timeout: 40_000, interval: 300 },
  )

describe('every path of every workflow', () => {
  test.each(paths.map((path) => [path.name, path] as const))('%s replays, and has a saved history', async (name, path) => {
    const { workflowId, runId } = await path.walk()
    await expectHistoryKept(world.adapters, name, { workflowId, ...(runId === undefined ? {} : { runId }) })
  })
})
