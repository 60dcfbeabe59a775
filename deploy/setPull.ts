import { validate as isUuid } from 'uuid'
import { findStaffName } from '../clients/findStaffName.ts'
import { createDistrictKeys } from '../db/districtKeys.ts'
import { openDatabase } from '../db/openDatabase.ts'
import { pauseRosterPull, setRosterPull } from '../db/setRosterPull.ts'
import type { DistrictSource } from './findDistrictSource.ts'
import { readSecretFile } from './readSecretFile.ts'
import { readText } from './readText.ts'
import { Refused } from './refused.ts'
import { WrongUse } from './wrongUse.ts'

const text = { type: 'string' } as const

/** The options of `district pull` and of its pause, for `parseArgs`. `--reason` is every command's. */
export const pullOptions = {
  district: text,
  'base-url': text,
  'token-url': text,
  'client-id': text,
  'secret-file': text,
  'every-hours': text,
  'bulk-every-days': text,
} as const

type Values = Partial<Record<keyof typeof pullOptions | 'reason', string>>

/** @throws WrongUse | Refused */
export const setPull = async (source: DistrictSource, verb: string, values: Values): Promise<{ pullId: string }> => {
  const districtId = values.district ?? ''
  if (!isUuid(districtId)) throw new WrongUse('--district must be the id of a district')
  const by = { staff: findStaffName(), reason: readText({ reason: source.isLocalStack ? 'local stack' : undefined, ...values }, 'reason') }
  const asked = verb === 'pull' ? await readSource(values, districtId) : null
  const owner = await openDatabase({ url: source.ownerUrl, connectionsMax: 2 })
  try {
    if (asked === null) return requireFound(await pauseRosterPull(owner, { districtId, isPaused: verb === 'pause-pull', ...by }))
    const districtKeys = createDistrictKeys({ database: owner, keyService: await source.openKeyService() })
    return requireFound(await setRosterPull({ owner, districtKeys }, { ...asked, ...by }))
  } finally {
    await owner.close()
  }
}

const requireFound = <T>(found: T | null): T => {
  if (found === null) throw new Refused('there is no such district, or no roster of it is fetched\n  mend: npm run district -- list')
  return found
}

const readSource = async (values: Values, districtId: string) => ({
  districtId,
  baseUrl: readUrl(values, 'base-url'),
  tokenUrl: readUrl(values, 'token-url'),
  clientId: readText(values, 'client-id'),
  clientSecret: await readSecretFile(readText(values, 'secret-file')),
  everyHours: readCount(values, 'every-hours', 24, 168),
  bulkEveryDays: readCount(values, 'bulk-every-days', 7, 31),
})

/** What a worker would refuse to ask is refused here already, but for where a name leads: that is looked at each time. */
const readUrl = (values: Values, name: keyof Values): string => {
  const given = readText(values, name)
  const url = URL.canParse(given) ? new URL(given) : null
  if (url?.protocol !== 'https:' || url.username !== '' || url.password !== '' || url.search !== '' || url.hash !== '')
    throw new WrongUse(`--${name} must begin with https://, without a user, a query or a fragment`)
  return given
}

const readCount = (values: Values, name: keyof Values, otherwise: number, max: number): number => {
  const given = values[name] ?? String(otherwise)
  if (!/^\d{1,3}$/.test(given) || Number(given) < 1 || Number(given) > max)
    throw new WrongUse(`--${name} must be a whole number from 1 to ${max}`)
  return Number(given)
}
