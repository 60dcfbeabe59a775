import { Worker } from 'node:worker_threads'

/** What the module of a thread posts for each job. `isWorn`: it should not get another. */
export type ThreadMessage<Answer> = { answer: Answer; isWorn: boolean }

/** What a job may take: `budgetMs` is our own patience, the start of a thread included. */
export type JobLimits = { signal: AbortSignal; budgetMs: number }

/** `over` says which limit the job went over. */
export type JobEnd<Answer> = { answer: Answer } | { over: 'time' | 'memory' }

export type ThreadPool<Job, Answer> = {
  /** @throws the signal's reason when it aborts, ThreadFault */
  ask(job: Job, limits: JobLimits): Promise<JobEnd<Answer>>
}

/** The thread could not start, or ended by itself without an answer: a fault of ours, and no word of the job in it. */
export class ThreadFault extends Error {
  override readonly name = 'ThreadFault'
}

/**
 * Threads that run the module `entry`, one job at a time each, with none of this process's environment. `heapMebibytes` is the JavaScript
 * heap of each, without buffers. One that answered waits for the next job, up to `idleMax` of them, since a start costs more
 * than most jobs. One that did not, or is worn, is ended before `ask` returns: nothing of it goes on. Idle ones do not
 * keep the process alive.
 */
export const createThreadPool = <Job, Answer>(
  entry: URL,
  { heapMebibytes, idleMax }: { heapMebibytes: number; idleMax: number },
): ThreadPool<Job, Answer> => {
  const idle = new Set<Worker>()
  const start = (): Worker => {
    const thread = new Worker(entry, {
      env: {},
      execArgv: [],
      resourceLimits: { maxOldGenerationSizeMb: heapMebibytes, maxYoungGenerationSizeMb: 8 },
    })
    thread.once('exit', () => idle.delete(thread))
    // An idle thread that breaks is only gone; those who wait for one listen themselves.
    thread.on('error', () => idle.delete(thread))
    return thread
  }
  const take = (): Worker => {
    const [waiting] = idle
    if (waiting === undefined) return start()
    idle.delete(waiting)
    waiting.ref()
    return waiting
  }
  return {
    ask: async (job, { signal, budgetMs }) => {
      signal.throwIfAborted()
      const thread = take()
      let mayStay = false
      try {
        const end = await awaitAnswer<Answer>(thread, job, { signal, budgetMs })
        if ('over' in end) return end
        mayStay = !end.message.isWorn && idle.size < idleMax
        return { answer: end.message.answer }
      } finally {
        if (mayStay) {
          thread.unref()
          idle.add(thread)
        } else await thread.terminate()
      }
    },
  }
}

/** Posts the job, and takes its ears off the thread again. */
const awaitAnswer = async <Answer>(
  thread: Worker,
  job: unknown,
  { signal, budgetMs }: JobLimits,
): Promise<{ message: ThreadMessage<Answer> } | { over: 'time' | 'memory' }> => {
  const { promise, resolve, reject } = Promise.withResolvers<{ message: ThreadMessage<Answer> } | { over: 'time' | 'memory' }>()
  const timer = setTimeout(() => resolve({ over: 'time' }), budgetMs)
  const ears = {
    message: (message: ThreadMessage<Answer>) => resolve({ message }),
    messageerror: () => reject(new ThreadFault('its answer cannot be read')),
    error: (error: unknown) => {
      if (isOutOfMemory(error)) resolve({ over: 'memory' })
      else reject(new ThreadFault(error instanceof Error ? error.name : 'Unknown'))
    },
    exit: () => reject(new ThreadFault('it ended without an answer')),
  }
  const onAbort = (): void => reject(signal.reason)
  signal.addEventListener('abort', onAbort, { once: true })
  for (const [event, ear] of Object.entries(ears)) thread.on(event, ear)
  try {
    thread.postMessage(job, [])
    return await promise
  } finally {
    clearTimeout(timer)
    signal.removeEventListener('abort', onAbort)
    for (const [event, ear] of Object.entries(ears)) thread.off(event, ear)
  }
}

const isOutOfMemory = (error: unknown): boolean => error instanceof Error && 'code' in error && error.code === 'ERR_WORKER_OUT_OF_MEMORY'
