import { execFileSync } from 'node:child_process'
import { readFileSync } from 'node:fs'

/** A process and when it began: a pid alone may belong to a stranger after the first owner died. */
export type ProcessIdentity = { pid: number; startedAt: string }

const readProcStat = (pid: number): { state: string; startedAt: string } | null => {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8')
    // The second field is the command in parentheses and may hold spaces; state is field 3, start time field 22.
    const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ')
    return { state: fields[0] ?? '', startedAt: fields[19] ?? '' }
  } catch {
    return null
  }
}

const readPs = (pid: number): { state: string; startedAt: string } | null => {
  try {
    const [state, ...started] = execFileSync('ps', ['-o', 'state=,lstart=', '-p', String(pid)], { encoding: 'utf8' })
      .trim()
      .split(/\s+/)
    return state ? { state, startedAt: started.join(' ') } : null
  } catch {
    return null
  }
}

const read = (pid: number) => (process.platform === 'linux' ? readProcStat(pid) : readPs(pid))

/** The identity of a living process, or null when there is none (a zombie has ended). */
export const identifyProcess = (pid: number): ProcessIdentity | null => {
  const seen = read(pid)
  return seen && !seen.state.startsWith('Z') && seen.state !== 'X' ? { pid, startedAt: seen.startedAt } : null
}

/** Whether this very process still lives; false when its pid was given to another. */
export const isAlive = (identity: ProcessIdentity): boolean => identifyProcess(identity.pid)?.startedAt === identity.startedAt
