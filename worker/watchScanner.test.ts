import { describe, expect, it } from 'vitest'
import type { Alert, EngineVersion } from '../domain/ports.ts'
import { ScannerMisconfigured, ScannerUnavailable } from '../domain/scannerFault.ts'
import { createScannerWatch } from './watchScanner.ts'
import { present } from '../test/support/present.ts'

const engine: EngineVersion = { engine: 'ClamAV 1.4.6', databaseVersion: 'local' }
const misconfigured = () => Promise.reject(new ScannerMisconfigured('said OK to an encrypted zip'))
const unavailable = () => Promise.reject(new ScannerUnavailable('refused'))
const proven = () => Promise.resolve(engine)

const watchOver = (answers: Array<() => Promise<EngineVersion>>) => {
  const alerts: string[] = []
  const scanner = { scan: () => Promise.reject(new Error('not asked')), probe: () => present(answers.shift())() }
  const pager = { raise: async ({ action, dedupKey }: Alert) => void alerts.push(`${action} ${dedupKey}`) }
  return { watch: createScannerWatch({ scanner, pager }), alerts }
}

describe('createScannerWatch', () => {
  it('raises one alert while the engine answers its probe wrongly, and resolves it when it passes', async () => {
    const { watch, alerts } = watchOver([misconfigured, misconfigured, unavailable, proven, proven])
    for (const expected of ['misconfigured', 'misconfigured', 'unavailable', 'proven', 'proven']) expect(await watch.look()).toBe(expected)
    expect(alerts).toEqual(['trigger scanner-misconfigured', 'resolve scanner-misconfigured'])
  })

  it('calls an engine proven only after a passed probe', async () => {
    const { watch } = watchOver([unavailable])
    expect(watch.standing()).toBe('unknown')
    await watch.look()
    expect(watch.standing()).toBe('unavailable')
  })
})
