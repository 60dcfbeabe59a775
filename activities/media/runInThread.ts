import { Worker } from 'node:worker_threads'
import type { Transferable } from 'node:worker_threads'

/** What a thread may take. `budgetMs` is our own patience, counted from its start; `heapMebibytes` is its JavaScript heap, without buffers. */
export type ThreadLimits = { signal: AbortSignal; budgetMs: number; heapMebibytes: number }

/** `answer` is the first message of the thread; `over` says which limit it went over. */
export type ThreadEnd<T> = { answer: T } | { over: 'time' | 'memory' }

/** The thread could not start, or ended by itself without an answer: a fault of ours, and no word of the job in it. */
export class ThreadFault extends Error {
  override readonly name = 'ThreadFault'
}

/**
 * Runs the module `entry` in a thread of its own, which gets `job` as its `workerData` and none of this process's environment, and ends it
 * before anything is returned: whatever it does, this process's event loop stays free and nothing of it goes on.
 * @param transfer buffers of `job` that are given away: they are empty here afterwards
 * @throws the signal's reason when it aborts, ThreadFault
 */
export const runInThread = async <T>(
  entry: URL,
  { job, transfer }: { job: unknown; transfer: readonly Transferable[] },
  limits: ThreadLimits,
): Promise<ThreadEnd<T>> => {
  const { signal, budgetMs, heapMebibytes } = limits
  signal.throwIfAborted()
  const thread = new Worker(entry, {
    workerData: job,
    transferList: [...transfer],
    env: {},
    execArgv: [],
    resourceLimits: { maxOldGenerationSizeMb: heapMebibytes },
  })
  const { promise, resolve, reject } = Promise.withResolvers<ThreadEnd<T>>()
  const onAbort = () => reject(signal.reason)
  const timer = setTimeout(() => resolve({ over: 'time' }), budgetMs)
  signal.addEventListener('abort', onAbort, { once: true })
  thread.once('message', (answer: T) => resolve({ answer }))
  thread.once('messageerror', () => reject(new ThreadFault('its answer cannot be read')))
  thread.on('error', (error: unknown) => {
    if (isOutOfMemory(error)) resolve({ over: 'memory' })
    else reject(new ThreadFault(error instanceof Error ? error.name : 'Unknown'))
  })
  thread.once('exit', () => reject(new ThreadFault('it ended without an answer')))
  try {
    return await promise
  } finally {
    clearTimeout(timer)
    signal.removeEventListener('abort', onAbort)
    await thread.terminate()
  }
}

const isOutOfMemory = (error: unknown): boolean => error instanceof Error && 'code' in error && error.code === 'ERR_WORKER_OUT_OF_MEMORY'
