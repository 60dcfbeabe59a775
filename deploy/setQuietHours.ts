import { validate as isUuid } from 'uuid'
import { findStaffName } from '../clients/findStaffName.ts'
import { openDatabase } from '../db/openDatabase.ts'
import { setDistrictQuietHours } from '../db/setDistrictQuietHours.ts'
import { parseTimeOfDay, toTimeOfDay } from '../domain/notices/quietHours.ts'
import type { DistrictSource } from './findDistrictSource.ts'
import { readText } from './readText.ts'
import { Refused } from './refused.ts'
import type { Answer } from './setGrant.ts'
import { WrongUse } from './wrongUse.ts'

const text = { type: 'string' } as const

/** The options of `district quiet-hours`, for `parseArgs`. `--district` and `--reason` are others' too. */
export const quietHoursOptions = { district: text, from: text, until: text, reason: text } as const

type Values = Partial<Record<keyof typeof quietHoursOptions, string>>

const readTime = (values: Values, name: 'from' | 'until'): number => {
  const written = values[name] ?? ''
  if (!/^([01]\d|2[0-3]):[0-5]\d$/.test(written)) throw new WrongUse(`--${name} must be a time of day such as 21:00`)
  return parseTimeOfDay(written)
}

/** @throws WrongUse | Refused */
export const setQuietHours = async (source: DistrictSource, values: Values): Promise<Answer> => {
  const districtId = values.district ?? ''
  if (!isUuid(districtId)) throw new WrongUse('--district must be the id of a district')
  const hours = { from: readTime(values, 'from'), until: readTime(values, 'until') }
  const reason = readText({ reason: source.isLocalStack ? 'local stack' : undefined, ...values }, 'reason')
  const owner = await openDatabase({ url: source.ownerUrl, connectionsMax: 1 })
  try {
    const before = await setDistrictQuietHours(owner, { districtId, ...hours, staff: findStaffName(), reason })
    if (before === null) throw new Refused('there is no such district\n  mend: npm run district -- list')
    const [now, then] = [hours, before].map(({ from, until }) => ({ from: toTimeOfDay(from), until: toTimeOfDay(until) }))
    return { json: { quietHours: now, before: then }, lines: toLines(hours, toTimeOfDay(before.from), toTimeOfDay(before.until)) }
  } finally {
    await owner.close()
  }
}

const toLines = ({ from, until }: { from: number; until: number }, fromBefore: string, untilBefore: string): string => {
  const now = from === until ? 'No hour is quiet there now' : `Quiet there from ${toTimeOfDay(from)} until ${toTimeOfDay(until)} now`
  return `${now}, for whoever has not said otherwise. Before: ${fromBefore} until ${untilBefore}.\n`
}
