import { setTimeout as wait } from 'node:timers/promises'
import type { ReceivedAlert } from '../stack/servers/alertSink.ts'
import type { FileResult } from './report/fileResult.ts'

const findAlertsOf = (alerts: readonly ReceivedAlert[], attachmentId: string): ReceivedAlert[] =>
  alerts.filter(({ event }) => event.event_action === 'trigger' && event.payload?.custom_details?.['attachmentId'] === attachmentId)

/**
 * Waits until there is an alert for every quarantined file, or `patienceMs` is over. Answers the results, with a fault on each file
 * that was quarantined without anybody being told, or about which there was an alert without reason.
 */
export const waitForAlerts = async (
  results: readonly FileResult[],
  alerts: () => readonly ReceivedAlert[],
  options: { patienceMs: number; signal: AbortSignal },
): Promise<FileResult[]> => {
  const countOf = ({ attachmentId }: FileResult): number => (attachmentId === null ? 0 : findAlertsOf(alerts(), attachmentId).length)
  const quarantined = results.filter((result) => result.state === 'quarantined')
  const until = performance.now() + options.patienceMs
  while (quarantined.some((result) => countOf(result) === 0) && performance.now() < until) {
    await wait(250, undefined, { signal: options.signal })
  }
  return results.map((result) => {
    const count = countOf(result)
    if (result.state === 'quarantined' && count === 0) return { ...result, faults: [...result.faults, 'quarantined without an alert'] }
    if (result.state !== 'quarantined' && count > 0) return { ...result, faults: [...result.faults, 'an alert without malware'] }
    return result
  })
}
