/** What the launcher asks of its supervisor, and what it hears back, over the IPC channel between them. */
export type StartRequest = {
  type: 'start'
  name: string
  command: string
  args: string[]
  env: Record<string, string>
  cwd: string
  logFile: string
  /** What an earlier process wrote there stays. */
  keepsLog?: boolean
  stopSignal: NodeJS.Signals
}

export type SupervisorRequest = StartRequest | { type: 'stop'; name: string; graceMs: number }

export type SupervisorReport =
  | { type: 'started'; name: string; pid: number }
  | { type: 'refused'; name: string; reason: string }
  | { type: 'exited'; name: string; code: number | null; signal: NodeJS.Signals | null }
