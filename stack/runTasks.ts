import { Listr, ListrLogger, PRESET_TIMER, ProcessOutput } from 'listr2'

/** `live`: redrawn in place, for a terminal. `lines`: a line per change. `silent`: nothing. All on standard error. */
export type TaskLog = 'live' | 'lines' | 'silent'

/** `tell` says what is going on; `skip`, that nothing was done and why, so that it is not shown as done. */
export type Task = { title: string; run: (tell: (what: string) => void, skip: (why: string) => void) => Promise<void> }

/** Narrower, every redrawn line would wrap and stay. */
const columnsToRedraw = 40

/** What suits the standard error of this process. */
export const usualTaskLog = (): TaskLog => (process.stderr.isTTY && process.stderr.columns >= columnsToRedraw ? 'live' : 'lines')

/**
 * Runs all tasks at the same time and shows each one's progress and time. When one fails the others
 * are not waited for.
 * @throws the first failure.
 */
export const runTasks = async (tasks: Task[], log: TaskLog): Promise<void> => {
  // listr2 writes to standard output by default, which belongs to results.
  const logger = new ListrLogger<never>({ processOutput: new ProcessOutput(process.stderr, process.stderr) })
  const renderers = { live: 'default', lines: 'simple', silent: 'silent' } as const
  const list = new Listr(
    tasks.map(({ title, run }) => ({
      title,
      task: async (_context: unknown, task: { output: string; skip: (message: string) => void }) => {
        const tell = (what: string): void => {
          task.output = log === 'lines' ? `${title}: ${what}` : what
        }
        await run(tell, (why) => task.skip(why))
      },
    })),
    {
      concurrent: true,
      exitOnError: true,
      registerSignalListeners: false,
      renderer: renderers[log],
      rendererOptions: { logger, timer: PRESET_TIMER },
    },
  )
  await list.run()
}
