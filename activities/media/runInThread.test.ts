import { describe, expect, test } from 'vitest'
import { runInThread } from './runInThread.ts'

const thread = (source: string) => new URL(`data:text/javascript,${encodeURIComponent(source)}`)
const post = `import { parentPort, workerData } from 'node:worker_threads'; `
const run = (source: string, limits: { signal?: AbortSignal; budgetMs?: number } = {}) =>
  runInThread<unknown>(
    thread(source),
    { job: { bytes: 'ab' }, transfer: [] },
    { signal: new AbortController().signal, budgetMs: 60_000, heapMebibytes: 32, ...limits },
  )

describe('a thread', () => {
  test('answers about its job, and sees nothing of the environment', async () => {
    process.env.SECRET_OF_THE_PROCESS = 'x'
    const answer = await run(`${post} parentPort.postMessage([workerData.bytes, Object.keys(process.env)])`)
    delete process.env.SECRET_OF_THE_PROCESS
    expect(answer).toEqual({ answer: ['ab', []] })
  })
  test('that never ends is ended when its time is over', async () => {
    expect(await run('for (;;) {}', { budgetMs: 50 })).toEqual({ over: 'time' })
  })
  test('that never ends is ended with the signal, which reaches a process that stays free', async () => {
    const abort = new AbortController()
    const running = run('for (;;) {}', { signal: abort.signal })
    setTimeout(() => abort.abort(new Error('cancelled')), 50)
    await expect(running).rejects.toThrow('cancelled')
  })
  test('is not started when the signal has come already', async () => {
    await expect(run('for (;;) {}', { signal: AbortSignal.abort(new Error('cancelled')) })).rejects.toThrow('cancelled')
  })
  test('that takes all memory ends alone', async () => {
    expect(await run('const all = []; for (;;) all.push(new Array(10_000).fill(all.length))')).toEqual({ over: 'memory' })
  })
  test('that throws is a fault of ours without what it said', async () => {
    await expect(run(`throw new TypeError('secret')`)).rejects.toMatchObject({ name: 'ThreadFault', message: 'TypeError' })
  })
  test('that ends without a word is a fault of ours', async () => {
    await expect(run('process.exit(0)')).rejects.toMatchObject({ name: 'ThreadFault' })
  })
})
