import type { Logger } from 'pino'
import { toLoggableFault } from '../domain/toLoggableFault.ts'

/**
 * Wakes a run right behind the commit that it waits for. Never rejects: the run looks by itself, so a hint that is lost costs minutes at most, and nothing
 * depends on one (law 5).
 */
export const createHintRun =
  ({ signal, log }: { signal: (workflowId: string) => Promise<void>; log: Logger }) =>
  async (workflowId: string): Promise<void> => {
    try {
      await signal(workflowId)
    } catch (error) {
      log.warn({ workflowId, fault: toLoggableFault(error) }, 'run not woken: it looks by itself')
    }
  }
