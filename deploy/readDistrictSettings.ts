import { isUsTimeZone } from '../domain/usTimeZones.ts'
import { WrongUse } from './wrongUse.ts'

/** The largest thresholds of the brake that may be said. */
export const brakeMax = { percent: 100, rows: 1_000_000 } as const

/** A whole number of an option. @throws WrongUse naming the option */
export const readWhole = (name: string, value: string, max: number): number => {
  if (!/^\d{1,7}$/.test(value) || Number(value) > max) throw new WrongUse(`--${name} must be a whole number from 0 to ${max}`)
  return Number(value)
}

/** @throws WrongUse */
export const readTimeZone = (name: string): string => {
  if (!isUsTimeZone(name)) throw new WrongUse('--time-zone must be one of the United States as IANA names it, such as America/Chicago')
  return name
}
