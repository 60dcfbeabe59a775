import { readdirSync, readFileSync } from 'node:fs'

/** The parent of a process; null when it is gone. The name, in brackets, may hold anything. */
const parentOf = (pid: number): number | null => {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8')
    return Number(stat.slice(stat.lastIndexOf(')') + 2).split(' ')[1])
  } catch {
    return null
  }
}

/** A process and everything that it started: what Postgres starts leads groups of its own. */
export const listTree = (root: number): number[] => {
  const pids = readdirSync('/proc').map(Number).filter(Number.isInteger)
  const parents = new Map(pids.map((pid) => [pid, parentOf(pid)]))
  const isBelow = (pid: number): boolean => {
    for (let at: number | null = pid; at !== null && at > 1; at = parents.get(at) ?? null) if (at === root) return true
    return false
  }
  return pids.filter(isBelow)
}

/** Signals all of these that are still there. */
export const signalAll = (pids: readonly number[], signal: NodeJS.Signals): void => {
  for (const pid of pids) {
    try {
      process.kill(pid, signal)
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'ESRCH') throw error
    }
  }
}

/** Signals a process and everything that it started. */
export const signalTree = (root: number, signal: 'SIGSTOP' | 'SIGCONT'): void => signalAll(listTree(root), signal)
