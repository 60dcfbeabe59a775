import { execFile } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import { promisify } from 'node:util'
import { historyToJSON } from '@temporalio/common/lib/proto-utils.js'
import { Worker } from '@temporalio/worker'
import { DeterminismViolationError } from '@temporalio/workflow'
import { afterAll, beforeAll, describe, expect, inject, test, vi } from 'vitest'
import { describeDeployment } from '../../clients/deployment/describeDeployment.ts'
import { toOpenRunsQuery } from '../../clients/deployment/moveOpenRuns.ts'
import { keepVersion } from '../../worker/keepVersion.ts'
import { runWorkers, type RunningWorkers } from '../../worker/runWorkers.ts'
import { toBuildId } from '../../worker/bundleWorkflows.ts'
import { toWorkersPlan } from '../../worker/toWorkersPlan.ts'
import { getProgressQuery, retryNowSignal, scanAttachmentId, type ScanProgress } from '../../workflows/contract.ts'
import { createAttachmentWorld, testPace, type AttachmentWorld } from '../support/attachmentWorld.ts'
import { withCanary } from '../support/canary.ts'
import { bundleChangedWorkflows } from '../support/bundleChangedWorkflows.ts'
import { present } from '../support/present.ts'
import { readWorkflowBundle } from '../support/readWorkflowBundle.ts'
import { startTcpGate, type TcpGate } from '../support/tcpGate.ts'

const removal = "const removed = await rounds.attempt('recording', () => act.removeIncoming(ref))"
/** One step more: a run of before would part from its history. */
const oneStepMore = { file: 'scanAttachment.ts', from: removal, to: `await act.removeIncoming(ref)\n  ${removal}` }
/** Other code that does the same. */
const sameSteps = { file: 'scanAttachment.ts', from: removal, to: `void 'a change that no history sees'\n  ${removal}` }

/** Yet another. */
const sameStepsAgain = { ...sameSteps, to: `void 'another change that no history sees'\n  ${removal}` }

type Bundle = { code: string }
let world: AttachmentWorld
let gate: TcpGate
let bundles: Record<'asItIs' | 'oneStepMore' | 'sameSteps' | 'sameStepsAgain', Bundle>
const running: RunningWorkers[] = []
beforeAll(async () => {
  gate = await startTcpGate(inject('stack').clamd)
  world = await createAttachmentWorld({
    clamd: { host: '127.0.0.1', port: gate.port },
    pace: { ...testPace, attemptsPerRound: 1, waitBetweenRoundsMs: 3_600_000, roundsPerRun: 50 },
  })
  const { dataConverter } = world.adapters
  bundles = {
    asItIs: await readWorkflowBundle(),
    oneStepMore: await bundleChangedWorkflows(dataConverter, oneStepMore),
    sameSteps: await bundleChangedWorkflows(dataConverter, sameSteps),
    sameStepsAgain: await bundleChangedWorkflows(dataConverter, sameStepsAgain),
  }
})
afterAll(async () => {
  gate?.set('open')
  await Promise.all(running.map((workers) => workers.drain()))
  await world?.close()
  await gate?.stop()
})

/** One deployment for the file: each test goes on where the last one left it. */
const deploymentName = `hallpass-${randomBytes(4).toString('hex')}`
const scanOf = (id: string) => world.adapters.client.workflow.getHandle(scanAttachmentId(id, 1))
const send = (text: string): Promise<string> => world.send(Buffer.from(withCanary(text)), 'text/plain')

/** Starts workers of a build and waits until new runs go to them. */
const deploy = async (workflowBundle: Bundle): Promise<RunningWorkers> => {
  const plan = toWorkersPlan(world.config, world.adapters)
  // The rest has nothing to do here, and each queue of a version is written down by the server before the version may be current.
  const queues = plan.queues.filter(({ taskQueue }) => taskQueue.startsWith(world.config.taskQueues.attachments))
  const workers = await runWorkers({
    ...plan,
    queues,
    workflowBundle,
    deploymentName,
    stickyTimeoutMs: 200,
    shutdownGraceMs: 2_000,
    shutdownForceMs: 4_000,
  })
  running.push(workers)
  await vi.waitFor(async () => expect((await keep(workers)).isCurrent).toBe(true), { timeout: 40_000, interval: 200 })
  return workers
}
const keep = (workers: RunningWorkers, silentMs?: number) =>
  keepVersion({
    client: world.adapters.client,
    own: present(workers.version),
    taskQueue: world.config.taskQueues.attachments,
    ...(silentMs === undefined ? {} : { silentMs }),
  })

/** The builds that answered for the run, and how often each activity was asked for. */
const readRun = async (id: string, runId?: string) => {
  const history = await world.adapters.client.workflow.getHandle(scanAttachmentId(id, 1), runId).fetchHistory()
  const { events } = JSON.parse(historyToJSON(history)) as { events: Event[] }
  const builds = events.flatMap((event) => event.workflowTaskCompletedEventAttributes?.deploymentVersion?.buildId ?? [])
  const steps = events.flatMap((event) => event.activityTaskScheduledEventAttributes?.activityType.name ?? [])
  return { history, builds: [...new Set(builds)], steps }
}
type Event = {
  workflowTaskCompletedEventAttributes?: { deploymentVersion?: { buildId: string } }
  activityTaskScheduledEventAttributes?: { activityType: { name: string } }
}
const count = (steps: string[], step: string): number => steps.filter((one) => one === step).length

describe('a changed workflow deployed beside a running one', () => {
  test('a run ends on the version that it began on, while new runs take the new one', async () => {
    const old = await deploy(bundles.asItIs)
    gate.set('held')
    const before = await send('before')
    await gate.waiting()
    const next = await deploy(bundles.oneStepMore)
    const after = await send('after')
    await vi.waitFor(async () => expect((await readRun(after)).steps).toContain('inspectObject'), { timeout: 20_000, interval: 200 })
    gate.set('open')
    await Promise.all([scanOf(before).result(), scanOf(after).result()])

    const [first, second] = [await readRun(before), await readRun(after)]
    expect(first.builds).toEqual([old.version?.buildId])
    expect(second.builds).toEqual([next.version?.buildId])
    expect([count(first.steps, 'removeIncoming'), count(second.steps, 'removeIncoming')]).toEqual([1, 2])
    // What would have become of the first one under the new code.
    const { dataConverter } = world.adapters
    const replay = (workflowBundle: Bundle) =>
      Worker.runReplayHistory({ workflowBundle: present(workflowBundle), dataConverter }, first.history)
    await expect(replay(bundles.asItIs)).resolves.toBeUndefined()
    await expect(replay(bundles.oneStepMore)).rejects.toThrow(DeterminismViolationError)
    // A process of the old version that is started again does not take the place back.
    expect(await keep(old)).toEqual({ isCurrent: false, moved: 0 })
  })

  test('a server that was just started, and has forgotten who polls it, moves no run and gives no version its place back', async () => {
    const [old] = running
    const { client } = world.adapters
    const unseenSince = new Map<string, number>()
    const look = () => keepVersion({ client, own: present(old?.version), taskQueue: `forgotten-${deploymentName}`, unseenSince })
    expect([await look(), await look()]).toEqual(Array.from({ length: 2 }, () => ({ isCurrent: false, moved: 0 })))
    expect(unseenSince.has(toBuildId(bundles.oneStepMore.code))).toBe(true)
    expect(await findCurrent()).toBe(toBuildId(bundles.oneStepMore.code))
  })

  test('npm run deployment says which versions there are, changes nothing unless told to, writes down who did, and goes back to the old one', async () => {
    const [old, next] = [toBuildId(bundles.asItIs.code), toBuildId(bundles.oneStepMore.code)]
    expect((await command('status')).text).toMatch(new RegExp(`${next} +current[^]*${old} +drain`))
    expect((await command('promote', old)).text).toContain('nothing changed')
    expect([await findCurrent(), await audited()]).toEqual([next, []])
    expect(await command('promote', old, '--apply')).toMatchObject({ code: 2, text: expect.stringContaining('--reason') })
    expect(await command('promote', 'unknown', '--apply', '--reason', 'a typo')).toMatchObject({ code: 1 })
    expect(await audited()).toEqual([])
    expect(await command('promote', old, '--apply', '--reason', 'the new one fails')).toMatchObject({ code: 0 })
    expect(await findCurrent()).toBe(old)
    expect(await audited()).toEqual([{ action: 'deployment.promote', target: old, reason: 'the new one fails' }])
  })

  test('a run whose version nobody serves any more goes on under the current one, and nothing is lost', async () => {
    gate.set('closed')
    const id = await send('left behind')
    const { runId } = await scanOf(id).describe()
    const progress = () => scanOf(id).query<ScanProgress>(getProgressQuery)
    await vi.waitFor(async () => expect((await progress()).round).toBeGreaterThanOrEqual(1), { timeout: 20_000, interval: 200 })
    await Promise.all(running.map((workers) => workers.drain()))
    const next = await deploy(bundles.sameSteps)
    gate.set('open')
    await vi.waitFor(async () => expect((await keep(next, 0)).moved).toBeGreaterThanOrEqual(1), { timeout: 60_000, interval: 200 })
    await scanOf(id).signal(retryNowSignal)
    expect(await scanOf(id).result()).toEqual({ outcome: 'clean' })
    expect((await readRun(id, runId)).builds).toEqual([toBuildId(bundles.asItIs.code), next.version?.buildId])
  })

  test('activities that waited for a worker of a version that is gone are done by the current one', async () => {
    gate.set('held')
    const sent = Array.from({ length: world.config.concurrentScans + 2 }, (_, at) => send(`in the queue ${at}`))
    const waiting = await Promise.all(sent)
    for (const id of waiting)
      await vi.waitFor(async () => expect((await readRun(id)).steps).toContain('inspectObject'), { timeout: 20_000, interval: 200 })
    await Promise.all(running.map((workers) => workers.drain()))
    const next = await deploy(bundles.sameStepsAgain)
    gate.set('open')
    // Not counted: a run may have ended its turn before it is moved, and is listed for a moment after it was.
    const left = toOpenRunsQuery({ deploymentName, buildId: toBuildId(bundles.sameSteps.code) })
    await vi.waitFor(
      async () => {
        await keep(next, 0)
        expect(await world.adapters.client.workflow.count(left)).toMatchObject({ count: 0 })
      },
      { timeout: 60_000, interval: 500 },
    )
    for (const id of waiting) {
      // Those that were under way wait for their next round; the others may be through.
      await scanOf(id)
        .signal(retryNowSignal)
        .catch(() => undefined)
      expect(await scanOf(id).result()).toEqual({ outcome: 'clean' })
    }
  })
})

const run = promisify(execFile)
const command = (...args: string[]): Promise<{ code: number; text: string }> => {
  const { temporal } = inject('stack')
  const env = {
    PATH: process.env.PATH,
    TEMPORAL_ADDRESS: temporal.address,
    TEMPORAL_NAMESPACE: temporal.namespace,
    DATABASE_URL_APP: world.database.urls.app,
    WORKER_DEPLOYMENT: deploymentName,
  }
  return run(process.execPath, ['deploy/deploymentMain.ts', ...args], { env })
    .then(({ stdout }) => ({ code: 0, text: stdout }))
    .catch((error: { code: number; stderr: string }) => ({ code: error.code, text: error.stderr }))
}
const audited = async (): Promise<unknown[]> =>
  (await world.database.superuser.query(`select action, target, reason from audit_entries where action like 'deployment.%' order by at`))
    .rows
const findCurrent = async (): Promise<string | undefined> =>
  (await describeDeployment(world.adapters.client, deploymentName)).find(({ standing }) => standing === 'current')?.buildId

describe('the build id', () => {
  test('is the same for the same workflows in another folder, and another one for a changed workflow', async () => {
    const elsewhere = await bundleChangedWorkflows(world.adapters.dataConverter)
    expect(toBuildId(elsewhere.code)).toBe(toBuildId(bundles.asItIs.code))
    expect(new Set(Object.values(bundles).map(({ code }) => toBuildId(code))).size).toBe(4)
  })
})
