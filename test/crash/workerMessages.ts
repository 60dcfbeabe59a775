import type { WorkerConfig } from '../../worker/config.ts'
import type { CrashPoint } from './effects.ts'

/**
 * A point in what is done for one attachment, or one district, of one world; in anything that is done in that world for null. Worlds are counted from 0.
 */
export type Place = { world: number; subjectId: string | null; point: CrashPoint }

/**
 * What real servers do not do at will: the engine finds malware in what was made of this attachment's picture; the clean bucket takes nothing
 * while it is inspected; the engine does not look at it in full when it is scanned again; the feeds of this district have lain there for long.
 */
export type PlantedFault = { subjectId: string; fault: 'malware-in-rewritten' | 'clean-closed' | 'not-inspected-again' | 'kept-for-long' }

/** What a worker's process is told. */
export type ToWorker =
  /** Opens everything it needs in all of these worlds, and begins to work only when it is told. */
  | { type: 'open'; worlds: { environment: Record<string, string>; change: Partial<WorkerConfig> }[]; bundlePath: string }
  | { type: 'work' }
  /** Stands still at each of these as it comes there, and dies when it stands at all of them. */
  | { type: 'die'; at: readonly Place[] }
  /** Stops here until `go`, as often as it comes there, and says so. */
  | { type: 'hold'; id: number; at: Place }
  | { type: 'go'; id: number }
  /** The engine finds malware in what is made of the pictures of these attachments. */
  | { type: 'plant'; faults: readonly PlantedFault[] }
  /** One pass of a world's outbox relay. */
  | { type: 'relay'; world: number }

/** What it answers. Each command is answered when it is done; the others come by themselves. */
export type FromWorker =
  | { type: 'done'; command: ToWorker['type'] }
  | { type: 'come-by'; place: Place }
  | { type: 'held'; id: number }
  | { type: 'standing'; at: Place }
  | { type: 'broken'; why: string }
