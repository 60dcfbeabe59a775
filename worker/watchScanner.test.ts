import { describe, expect, it } from 'vitest'
import type { Alert, EngineVersion } from '../domain/ports.ts'
import { ScannerMisconfigured, ScannerUnavailable } from '../domain/scannerFault.ts'
import { createScannerWatch } from './watchScanner.ts'
import { present } from '../test/support/present.ts'

const engine: EngineVersion = { engine: 'ClamAV 1.4.6', databaseVersion: 'local' }
const misconfigured = () => Promise.reject(new ScannerMisconfigured('said OK to an encrypted zip'))
const unavailable = () => Promise.reject(new ScannerUnavailable('refused'))
const proven = () => Promise.resolve(engine)

/** Looks once a minute of its own clock. */
const watchOver = (answers: Array<() => Promise<EngineVersion>>, host = 'one', raise?: (alert: Alert) => Promise<void>) => {
  const alerts: string[] = []
  let minutes = 0
  const scanner = { scan: () => Promise.reject(new Error('not asked')), probe: () => present(answers.shift())() }
  const pager = { raise: raise ?? (async ({ action, dedupKey }: Alert) => void alerts.push(`${action} ${dedupKey}`)) }
  const watch = createScannerWatch({ scanner, pager, host, now: () => minutes * 60_000 })
  const look = async () => {
    const standing = await watch.look()
    minutes += 1
    return standing
  }
  return { watch, look, alerts }
}
const lookAll = async (answers: Array<() => Promise<EngineVersion>>, host?: string): Promise<string[]> => {
  const { look, alerts } = watchOver([...answers], host)
  for (const _ of answers) await look()
  return alerts
}
const of = (action: string, alerts: string[], key: string) => alerts.filter((alert) => alert === `${action} ${key}`)

describe('createScannerWatch', () => {
  it('alerts at once when the engine answers its probe wrongly, and ends the alert only when it passes', async () => {
    expect(await lookAll([misconfigured, unavailable, proven])).toEqual([
      'trigger scanner-misconfigured:one',
      'resolve scanner-misconfigured:one',
      'resolve scanner-down:one',
    ])
  })

  it('raises the alert again while the engine is wrong, and not at every look', async () => {
    expect(await lookAll(Array.from({ length: 11 }, () => misconfigured))).toEqual([
      'trigger scanner-misconfigured:one',
      'trigger scanner-misconfigured:one',
      'trigger scanner-misconfigured:one',
    ])
  })

  it('alerts when the engine is away for minutes although nothing waits for it, and not for a restart', async () => {
    expect(of('trigger', await lookAll([unavailable, unavailable, proven, unavailable, unavailable]), 'scanner-down:one')).toEqual([])
    expect(await lookAll(Array.from({ length: 6 }, () => unavailable))).toEqual(['trigger scanner-down:one'])
  })

  it('ends, with its first proof, an alert that an earlier process of this host left, and says so once', async () => {
    expect(await lookAll([proven, proven])).toEqual(['resolve scanner-misconfigured:one', 'resolve scanner-down:one'])
  })

  it('ends no alert of another worker', async () => {
    const alerts = [...(await lookAll([misconfigured], 'one')), ...(await lookAll([proven], 'two'))]
    expect(alerts.filter((alert) => alert.endsWith(':one'))).toEqual(['trigger scanner-misconfigured:one'])
  })

  it('alerts at the next look when the pager could not be reached', async () => {
    const tries: string[] = []
    const { look } = watchOver([misconfigured, misconfigured], 'one', async ({ action }) => {
      tries.push(action)
      if (tries.length === 1) throw new Error('pager away')
    })
    await expect(look()).rejects.toThrow('pager away')
    expect(await look()).toBe('misconfigured')
    expect(tries).toEqual(['trigger', 'trigger'])
  })

  it('calls an engine proven only after a passed probe', async () => {
    const { watch } = watchOver([unavailable])
    expect(watch.standing()).toBe('unknown')
    await watch.look()
    expect(watch.standing()).toBe('unavailable')
  })
})
