import { describe, expect, it } from 'vitest'
import type { FollowAlert, Sign } from '../activities/followAlert.ts'
import type { EngineVersion } from '../domain/ports.ts'
import { ScannerMisconfigured, ScannerUnavailable } from '../domain/scannerFault.ts'
import { present } from '../test/support/present.ts'
import { createScannerWatch } from './watchScanner.ts'

const publishedAt = new Date('2026-01-05T09:00:00Z')
/** 49 hours later. */
const now = () => publishedAt.getTime() + 49 * 3_600_000
const engine: EngineVersion = { engine: 'ClamAV 1.4.6', databaseVersion: '27500', databasePublishedAt: publishedAt }
const misconfigured = () => Promise.reject(new ScannerMisconfigured('said OK to an encrypted zip'))
const unavailable = () => Promise.reject(new ScannerUnavailable('refused'))
const proven = () => Promise.resolve(engine)

const watchOver = (answers: Array<() => Promise<EngineVersion>>, options: { follow?: FollowAlert; oldAfterHours?: number } = {}) => {
  const signs: string[] = []
  const scanner = { scan: () => Promise.reject(new Error('not asked')), probe: () => present(answers.shift())() }
  const record = async (name: string, { holds }: Sign) => void signs.push(`${name} ${holds ? 'holds' : 'is over'}`)
  const { follow = record, oldAfterHours = 0 } = options
  const watch = createScannerWatch({ scanner, follow, host: 'one', signaturesOldAfterSeconds: oldAfterHours * 3_600, now })
  return { watch, signs }
}
const signsOf = async (answer: () => Promise<EngineVersion>, oldAfterHours?: number): Promise<string[]> => {
  const { watch, signs } = watchOver([answer], oldAfterHours === undefined ? {} : { oldAfterHours })
  await watch.look()
  return signs
}

describe('createScannerWatch', () => {
  it('says what each look found: away, wrong, or well', async () => {
    expect(await signsOf(misconfigured)).toEqual(['scanner-misconfigured holds'])
    expect(await signsOf(unavailable)).toEqual(['scanner-down holds'])
    expect(await signsOf(proven)).toEqual(['scanner-down is over', 'scanner-misconfigured is over'])
  })

  it.each([
    ['older than allowed', engine, 48, ['signatures-old holds']],
    ['young enough', engine, 50, ['signatures-old is over']],
    ['without a date', { engine: 'ClamAV 1.4.6', databaseVersion: 'local' }, 48, ['signatures-old holds']],
    ['without a date where that is expected', { engine: 'ClamAV 1.4.6', databaseVersion: 'local' }, 0, []],
  ])('follows signatures %s', async (_, answer, hours, expected) => {
    const signs = await signsOf(() => Promise.resolve(answer), hours)
    expect(signs.filter((sign) => sign.startsWith('signatures-old'))).toEqual(expected)
  })

  it('stands as it was found although the alert cannot be followed, and the loop hears of that', async () => {
    const { watch } = watchOver([misconfigured], { follow: () => Promise.reject(new Error('pager away')) })
    await expect(watch.look()).rejects.toThrow('pager away')
    expect(watch.standing()).toBe('misconfigured')
  })

  it('calls an engine proven only after a passed probe', async () => {
    const { watch } = watchOver([unavailable, proven])
    expect(watch.standing()).toBe('unknown')
    await watch.look()
    expect(watch.standing()).toBe('unavailable')
    await watch.look()
    expect(watch.standing()).toBe('proven')
  })
})
