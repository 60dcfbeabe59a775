import type { Logger } from 'pino'
import { withDistrict, type Database } from '../db/openDatabase.ts'
import type { OutboxStart } from '../db/queries/enqueueWorkflow.ts'
import { markWorkflowStarted } from '../db/queries/markWorkflowStarted.ts'
import { toLoggableFault } from '../domain/toLoggableFault.ts'

/** What a run is about: the ids that its search attributes have. */
type StartSubject = { districtId: string; attachmentId?: string; syncId?: string }

/** Starts one run; rejects by its own deadline. */
export type TryStart = (request: OutboxStart & StartSubject) => Promise<void>

/**
 * Tries to start a run right behind the commit that asked for it (law 5). Never rejects: when Temporal is away the relay finds the
 * outbox row, so the only loss is a few seconds. A run that started is marked, so that the relay leaves it alone.
 */
export const createStartNow =
  (deps: { app: Database; tryStart: TryStart; log: Logger }) =>
  async (start: OutboxStart, ref: StartSubject): Promise<void> => {
    try {
      await deps.tryStart({ ...start, ...ref })
      await withDistrict(deps.app, ref.districtId, (tx) => markWorkflowStarted(tx, start.workflowId))
    } catch (error) {
      deps.log.warn({ ...ref, workflowId: start.workflowId, fault: toLoggableFault(error) }, 'start left to the relay')
    }
  }
