import { spawn } from 'node:child_process'
import type { ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as wait } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { identifyProcess, isAlive } from '../../stack/processes/processIdentity.ts'
import type { ProcessIdentity } from '../../stack/processes/processIdentity.ts'

/** What the issue of the guarantee allows an orphan. */
const orphanLifeMs = 10_000
const program = fileURLToPath(new URL('./runLauncher.ts', import.meta.url))
/** Starts the launcher as `scripts/run.mjs` does: as a child that is told whose child it is. */
const commandThatLaunches = `
  const env = { ...process.env, HALLPASS_LAUNCHER: String(process.pid) }
  require('node:child_process').spawn(process.execPath, process.argv.slice(1), { env, stdio: 'ignore' })`
const launched: ChildProcess[] = []
let folder = ''

// A space in the path, and closed to other users: the hardest folder that a clone may lie in.
beforeAll(() => {
  folder = join(mkdtempSync(join(tmpdir(), 'hallpass stack ')), 'data of one')
})

afterAll(async () => {
  for (const one of launched.filter((launcher) => launcher.exitCode === null && launcher.signalCode === null)) {
    one.kill('SIGTERM')
    await once(one, 'exit')
  }
  rmSync(join(folder, '..'), { recursive: true, force: true })
})

const launch = (): { launcher: ChildProcess; said: () => string } => {
  const launcher = spawn(process.execPath, [program, folder], { stdio: ['ignore', 'pipe', 'pipe'] })
  launched.push(launcher)
  let said = ''
  launcher.stdout?.on('data', (chunk: Buffer) => (said += chunk.toString()))
  launcher.stderr?.on('data', (chunk: Buffer) => (said += chunk.toString()))
  return { launcher, said: () => said }
}

const launchUntilReady = async (): Promise<ChildProcess> => {
  const { launcher, said } = launch()
  while (!said().includes('ready')) {
    if (launcher.exitCode !== null) throw new Error(`the launcher ended: ${said()}`)
    await wait(50)
  }
  return launcher
}

const readChildren = (): (ProcessIdentity & { name: string })[] => {
  const file = join(folder, 'children.json')
  return existsSync(file) ? (JSON.parse(readFileSync(file, 'utf8')) as (ProcessIdentity & { name: string })[]) : []
}

const kill = async (launcher: ChildProcess): Promise<void> => {
  const ended = once(launcher, 'exit')
  launcher.kill('SIGKILL')
  await ended
}

const waitUntilGone = async (processes: ProcessIdentity[]): Promise<ProcessIdentity[]> => {
  const deadline = Date.now() + orphanLifeMs
  while (processes.some(isAlive) && Date.now() < deadline) await wait(50)
  return processes.filter(isAlive)
}

describe('a stack whose launcher is killed', { timeout: 120_000 }, () => {
  test('leaves no server alive, and the next start succeeds', async () => {
    const launcher = await launchUntilReady()
    const children = readChildren()
    // The translator is there where Apertium can be had.
    const always = children.map((child) => child.name).filter((name) => name !== 'translation')
    expect(always.toSorted()).toEqual(['clamd', 'mail', 'postgres', 'temporal', 'versitygw'])
    await kill(launcher)
    expect(await waitUntilGone(children)).toEqual([])
    const next = await launchUntilReady()
    expect(next.exitCode).toBeNull()
    await kill(next)
  })

  test('can be started again at once, while its servers are still ending', async () => {
    const first = await launchUntilReady()
    const children = readChildren()
    await kill(first)
    const next = await launchUntilReady()
    expect(children.filter(isAlive)).toEqual([])
    await kill(next)
  })

  test.for([100, 400, 800, 1_200])('can be started again when it was killed %i ms into its start', async (ms) => {
    const { launcher } = launch()
    await wait(ms)
    await kill(launcher)
    const next = await launchUntilReady()
    const ended = once(next, 'exit')
    const children = readChildren()
    next.kill('SIGTERM')
    await ended
    expect(children.filter(isAlive)).toEqual([])
  })

  test('ends too when the command that launched it was killed, as by closing npm', async () => {
    const command = spawn(process.execPath, ['-e', commandThatLaunches, program, folder], { stdio: 'ignore' })
    launched.push(command)
    while (readChildren().length < 5) await wait(50)
    const children = readChildren()
    await kill(command)
    expect(await waitUntilGone(children)).toEqual([])
  })

  test('is not taken for another process that was given its pid', () => {
    const mine = identifyProcess(process.pid)
    expect(mine && isAlive(mine)).toBe(true)
    expect(isAlive({ pid: process.pid, startedAt: 'another time' })).toBe(false)
  })
})

test('a second stack in the same folder says so and names the process of the first', { timeout: 60_000 }, async () => {
  const first = await launchUntilReady()
  const { launcher: second, said } = launch()
  const [code] = (await once(second, 'exit')) as [number]
  expect(code).not.toBe(0)
  expect(said()).toContain(`another stack runs in this folder (process ${first.pid})`)
  expect(readChildren().every(isAlive)).toBe(true)
})
