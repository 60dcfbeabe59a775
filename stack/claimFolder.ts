import { closeSync, mkdirSync, openSync, readFileSync, readdirSync, renameSync, rmSync, writeFileSync, writeSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as wait } from 'node:timers/promises'
import { identifyProcess, isAlive } from './processes/processIdentity.ts'
import type { ProcessIdentity } from './processes/processIdentity.ts'
import { childrenFile } from './processes/startSupervisor.ts'
import { StackProblem } from './stackProblem.ts'

type Claim = { launcher: ProcessIdentity; supervisor: ProcessIdentity | null }

export type FolderClaim = {
  /** Writes down who owns the children, so that the next launcher can wait for its end. */
  nameSupervisor(pid: number): void
  release(): void
}

const claimName = 'launcher.json'

/** Longer than the supervisor's own grace for orphans. */
const supervisorEndMs = 8_000

const readJson = (file: string): unknown => {
  try {
    return JSON.parse(readFileSync(file, 'utf8'))
  } catch {
    return null
  }
}

const killGroup = (pid: number): void => {
  for (const target of [-pid, pid]) {
    try {
      process.kill(target, 'SIGKILL')
    } catch {
      // Already gone.
    }
  }
}

/** Waits until nothing of a dead launcher lives any more; kills what its supervisor did not. */
const clearRemains = async (folder: string, claim: Claim): Promise<void> => {
  const deadline = Date.now() + supervisorEndMs
  while (claim.supervisor && isAlive(claim.supervisor) && Date.now() < deadline) await wait(50)
  if (claim.supervisor && isAlive(claim.supervisor)) killGroup(claim.supervisor.pid)
  const left = ((readJson(childrenFile(folder)) ?? []) as ProcessIdentity[]).filter(isAlive)
  for (const child of left) killGroup(child.pid)
  while (left.some(isAlive) && Date.now() < deadline + supervisorEndMs) await wait(50)
}

const tryToCreate = (file: string, content: string): boolean => {
  try {
    const opened = openSync(file, 'wx', 0o600)
    writeSync(opened, content)
    closeSync(opened)
    return true
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EEXIST') return false
    throw error
  }
}

/**
 * Makes this process the only launcher in `folder`, after the last one's remains are gone.
 * @throws StackProblem naming the pid when another launcher lives.
 */
export const claimFolder = async (folder: string): Promise<FolderClaim> => {
  mkdirSync(folder, { recursive: true })
  const file = join(folder, claimName)
  const launcher = identifyProcess(process.pid)
  if (!launcher) throw new Error('This process cannot see itself')
  const write = (claim: Claim): void => {
    writeFileSync(`${file}.new`, JSON.stringify(claim), { mode: 0o600 })
    renameSync(`${file}.new`, file)
  }
  while (!tryToCreate(file, JSON.stringify({ launcher, supervisor: null } satisfies Claim))) {
    const other = readJson(file) as Claim | null
    if (other && isAlive(other.launcher)) {
      throw new StackProblem({
        component: 'stack',
        cause: `another stack runs in this folder (process ${other.launcher.pid})`,
        mend: `use that one, or end it: kill ${other.launcher.pid}`,
      })
    }
    // An empty file is one that its writer has just created; give it a moment before calling it torn.
    if (!other) await wait(200)
    else await clearRemains(folder, other)
    if (JSON.stringify(readJson(file)) === JSON.stringify(other)) rmSync(file, { force: true })
  }
  return {
    nameSupervisor: (pid) => write({ launcher, supervisor: identifyProcess(pid) }),
    release: () => rmSync(file, { force: true }),
  }
}

/** Deletes everything in a folder that this process has claimed, but not the claim. */
export const clearFolder = (folder: string): void => {
  for (const entry of readdirSync(folder)) if (entry !== claimName) rmSync(join(folder, entry), { recursive: true, force: true })
}
