import { spawn } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { ApertiumFiles } from '../binaries/findApertium.ts'
import { fromStream, toStream } from './stream.ts'
import { toPipeline } from './toPipeline.ts'

export type Pipeline = {
  /** Of its programs' group; undefined when none could be started. */
  readonly pid: number | undefined
  /** One line at a time. @throws when the programs end or do not answer in time; the pipeline is of no more use then. */
  translate(line: string): Promise<string>
  hasEnded(): boolean
  end(): void
}

/** What a sentence takes a thousand times over: after it, something hangs. */
const answerMs = 10_000

/** Starts the programs of a mode, which read their dictionaries once and then wait for lines. */
export const openPipeline = ({ root, libraryFolders }: ApertiumFiles, mode: string): Pipeline => {
  const written = readFileSync(join(root, '/usr/share/apertium/modes', `${mode}.mode`), 'utf8')
  const programs = spawn('sh', ['-c', toPipeline(written, root)], {
    // A group of their own, so that all of them can be ended. They end by themselves when nobody holds their input any more.
    detached: true,
    stdio: ['pipe', 'pipe', 'inherit'],
    env: {
      PATH: [join(root, '/usr/bin'), '/usr/bin', '/bin'].join(':'),
      LC_ALL: 'C.UTF-8',
      ...(libraryFolders.length === 0 ? {} : { LD_LIBRARY_PATH: libraryFolders.join(':') }),
    },
  })
  let answered = ''
  let waiting: PromiseWithResolvers<string> | null = null
  let isOver = false
  const end = (): void => {
    isOver = true
    waiting?.reject(new Error(`the programs of ${mode} ended`))
    try {
      if (programs.pid !== undefined) process.kill(-programs.pid, 'SIGKILL')
    } catch {
      // They have ended already.
    }
  }
  programs.once('error', end)
  programs.once('close', end)
  programs.stdin.once('error', end)
  programs.stdout.setEncoding('utf8').on('data', (chunk: string) => {
    answered += chunk
    if (!answered.endsWith('\0')) return
    waiting?.resolve(fromStream(answered.slice(0, -1)))
    answered = ''
  })
  return {
    pid: programs.pid,
    translate: async (line) => {
      if (isOver || waiting !== null) throw new Error(`the programs of ${mode} take nothing now`)
      waiting = Promise.withResolvers<string>()
      const timer = setTimeout(end, answerMs)
      programs.stdin.write(`${toStream(line)}\0`)
      return waiting.promise.finally(() => {
        clearTimeout(timer)
        waiting = null
      })
    },
    hasEnded: () => isOver,
    end,
  }
}
