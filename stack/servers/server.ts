import type { SupervisedProcess, Supervisor } from '../processes/startSupervisor.ts'

/** What every server of the stack is started with. */
export type ServerContext = {
  supervisor: Supervisor
  /** Absolute; the server keeps its data and its log in a folder of its own below. */
  folder: string
  /** Says what is going on right now, for the list of tasks. */
  tell: (what: string) => void
}

/** A running server; `Address` is what clients need. */
export type Server<Address> = { address: Address; process: SupervisedProcess }
