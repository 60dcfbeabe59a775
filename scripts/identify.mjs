import { readFileSync } from 'node:fs'

const startedAt = (pid) => {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8')
    return stat.slice(stat.lastIndexOf(')') + 2).split(' ')[19]
  } catch {
    return null
  }
}

/** A process by its pid and, where the system tells, by when it began: a pid alone may be given to another. */
export const identify = (pid) => ({ pid, startedAt: startedAt(pid) })

/** Whether this very process still lives. */
export const isAlive = (identity) => {
  try {
    process.kill(identity.pid, 0)
  } catch (error) {
    // EPERM: it lives and belongs to somebody else.
    if (error.code !== 'EPERM') return false
  }
  return identity.startedAt === null || identity.startedAt === startedAt(identity.pid)
}
