import { readdirSync, readFileSync } from 'node:fs'

/** Linux counts processor time in hundredths of a second (USER_HZ). */
const ticksPerSecond = 100

type Process = { pid: number; parent: number; seconds: number }

const readProcess = (pid: number): Process | null => {
  try {
    const text = readFileSync(`/proc/${pid}/stat`, 'latin1')
    // The name stands in parentheses and may hold anything.
    const fields = text.slice(text.lastIndexOf(')') + 2).split(' ')
    const at = (number: number): number => Number(fields[number - 3])
    // Its own time, and that of children that have ended (proc(5): utime, stime, cutime, cstime).
    return { pid, parent: at(4), seconds: (at(14) + at(15) + at(16) + at(17)) / ticksPerSecond }
  } catch {
    return null
  }
}

/** Processor seconds of each process and all of its children so far. Linux only. */
export const readProcessorSeconds = (pids: Readonly<Record<string, number>>): Record<string, number> => {
  const all = readdirSync('/proc').flatMap((name) => (/^\d+$/.test(name) ? (readProcess(Number(name)) ?? []) : []))
  const secondsOf = (pid: number): number => {
    const own = all.find((one) => one.pid === pid)?.seconds ?? 0
    return all.filter(({ parent }) => parent === pid).reduce((sum, child) => sum + secondsOf(child.pid), own)
  }
  return Object.fromEntries(Object.entries(pids).map(([name, pid]) => [name, secondsOf(pid)]))
}

/** The most memory a process ever held, in MiB (`VmHWM`). Linux only. */
export const readPeakMebibytes = (pid: number): number => {
  const found = /VmHWM:\s+(\d+) kB/.exec(readFileSync(`/proc/${pid}/status`, 'latin1'))
  return Number(found?.[1] ?? 0) / 1024
}
