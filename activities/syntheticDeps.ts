import type { Database } from '../db/openDatabase.ts'
import type { FrontDoor, Pager } from '../domain/ports.ts'

/** What sending the test virus acts on. */
export type SyntheticDeps = {
  app: Database
  pager: Pager
  /** Null when the worker is not told where the API is: then none is sent. */
  frontDoor: FrontDoor | null
  /** The queue that removals are started on. */
  attachmentsQueue: string
}
