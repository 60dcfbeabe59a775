import type { WorkerConfig } from '../../worker/config.ts'
import type { CrashPoint } from './effects.ts'

/** What a worker's process is told. */
export type ToWorker =
  /** Opens everything it needs, and begins to work only when it is told. */
  | { type: 'open'; change: Partial<WorkerConfig>; bundlePath: string }
  | { type: 'work' }
  /** Dies at this point, the first time that it comes there. */
  | { type: 'die'; at: CrashPoint | null }
  /** Stops at this point until `go`, the first time that it comes there, and says so. */
  | { type: 'hold'; at: CrashPoint | null }
  | { type: 'go' }
  | { type: 'find-malware-in-rewritten'; isOn: boolean }
  /** One pass of the outbox relay. */
  | { type: 'relay' }

/** What it answers. Each command is answered when it is done; `point` and `held` come by themselves. */
export type FromWorker =
  | { type: 'done'; command: ToWorker['type'] }
  | { type: 'point'; point: CrashPoint }
  | { type: 'held' }
  | { type: 'broken'; why: string }
