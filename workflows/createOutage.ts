import { ApplicationFailure, isCancellation, log, type ActivityFailure } from '@temporalio/workflow'
import type { AttachmentRef } from './contract.ts'
import type { PacedActivities } from './proxyAttachmentActivities.ts'

/** The alert about what this run waits for. A pager that is away never holds up the scan: the next occasion tries again. */
export type Outage = {
  /** The key of the alert that was raised and not yet resolved; null when there is none. */
  openKey(): string | null
  raise(cause: ActivityFailure): Promise<void>
  resolve(): Promise<void>
}

/** One key per kind of outage, so that many waiting runs make one alert. */
const toOutageKey = (error: ActivityFailure): string => {
  const type = error.cause instanceof ApplicationFailure ? (error.cause.type ?? '') : ''
  return type.startsWith('Scanner') ? 'scanner-down' : 'attachments-delayed'
}

/** `openKey` is what an earlier run, continued as this one, had raised. */
export const createOutage = (ref: AttachmentRef, act: PacedActivities, openKey: string | null): Outage => {
  let open = openKey
  return {
    openKey: () => open,
    raise: async (cause) => {
      if (open !== null) return
      const key = toOutageKey(cause)
      await tryTo(
        'raise',
        () => act.raiseOutage(ref, key),
        () => (open = key),
      )
    },
    resolve: async () => {
      const key = open
      if (key === null) return
      await tryTo(
        'resolve',
        () => act.resolveOutage(ref, key),
        () => (open = null),
      )
    },
  }
}

const tryTo = async (what: 'raise' | 'resolve', act: () => Promise<void>, done: () => void): Promise<void> => {
  try {
    await act()
    done()
  } catch (fault) {
    if (isCancellation(fault)) throw fault
    log.warn('outage alert not sent; tried again later', { what })
  }
}
