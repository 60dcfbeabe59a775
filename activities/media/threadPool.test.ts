import { describe, expect, test } from 'vitest'
import { createThreadPool } from './threadPool.ts'

/** A thread that answers each job with the value of `source`, in which `job` is the job and `jobs` counts them. */
const entry = (source: string) =>
  new URL(
    `data:text/javascript,${encodeURIComponent(
      `import { parentPort } from 'node:worker_threads'; let jobs = 0;
       parentPort.on('message', (job) => { jobs += 1; parentPort.postMessage({ answer: ${source}, isWorn: job === 'wear' }) })`,
    )}`,
  )
const { signal } = new AbortController()
const open = (source: string) => {
  const pool = createThreadPool<string, unknown>(entry(source), { heapMebibytes: 32, idleMax: 1 })
  return (job = 'a', limits: { signal?: AbortSignal; budgetMs?: number } = {}) => pool.ask(job, { signal, budgetMs: 60_000, ...limits })
}
const endless = `(() => { if (job === 'spin') for (;;) {} return jobs })()`

describe('a thread', () => {
  test('answers about its job, and sees nothing of the environment', async () => {
    process.env.SECRET_OF_THE_PROCESS = 'x'
    expect(await open('[job, Object.keys(process.env)]')('ab')).toEqual({ answer: ['ab', []] })
    delete process.env.SECRET_OF_THE_PROCESS
  })
  test('that answered gets the next job, and one that is worn does not', async () => {
    const ask = open('jobs')
    expect([await ask(), await ask(), await ask('wear'), await ask()]).toEqual([{ answer: 1 }, { answer: 2 }, { answer: 3 }, { answer: 1 }])
  })
  test('has one job at a time', async () => {
    const ask = open('jobs')
    expect(await Promise.all([ask(), ask(), ask()])).toEqual([{ answer: 1 }, { answer: 1 }, { answer: 1 }])
    expect(await Promise.all([ask(), ask()])).toEqual([{ answer: 2 }, { answer: 1 }])
  })
  test('that never ends is ended when its time is over, and another has the next job', async () => {
    const ask = open(endless)
    expect([await ask(), await ask('spin', { budgetMs: 50 }), await ask()]).toEqual([{ answer: 1 }, { over: 'time' }, { answer: 1 }])
  })
  test('that never ends is ended with the signal, which reaches a process that stays free', async () => {
    const ask = open(endless)
    const abort = new AbortController()
    const running = ask('spin', { signal: abort.signal })
    setTimeout(() => abort.abort(new Error('cancelled')), 50)
    await expect(running).rejects.toThrow('cancelled')
    expect(await ask()).toEqual({ answer: 1 })
  })
  test('is not started when the signal has come already', async () => {
    await expect(open(endless)('spin', { signal: AbortSignal.abort(new Error('cancelled')) })).rejects.toThrow('cancelled')
  })
  test('that takes all memory ends alone', async () => {
    expect(await open('(() => { const all = []; for (;;) all.push(new Array(10_000).fill(all.length)) })()')()).toEqual({ over: 'memory' })
  })
  test('that throws is a fault of ours without what it said, and the next job has a new one', async () => {
    const ask = open(`(() => { if (job === 'throw') throw new TypeError('secret'); return jobs })()`)
    expect(await ask()).toEqual({ answer: 1 })
    await expect(ask('throw')).rejects.toMatchObject({ name: 'ThreadFault', message: 'TypeError' })
    expect(await ask()).toEqual({ answer: 1 })
  })
  test('that ends without a word is a fault of ours', async () => {
    await expect(open('process.exit(0)')()).rejects.toMatchObject({ name: 'ThreadFault' })
  })
})
