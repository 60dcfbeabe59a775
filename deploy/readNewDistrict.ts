import { features, type Feature } from '../domain/features.ts'
import { brakeDefaults } from '../domain/roster/brake.ts'
import type { MetadataSources } from '../domain/roster/metadataSources.ts'
import { isId } from '../domain/roster/readField.ts'
import { brakeMax, readTimeZone, readWhole } from './readDistrictSettings.ts'
import type { DistrictSource } from './findDistrictSource.ts'
import { readMetadataSources, sourceOptions } from './readMetadataSources.ts'
import { readApiUrl } from './roster/readApiUrl.ts'
import { WrongUse } from './wrongUse.ts'

const text = { type: 'string' } as const

/** The options of `district create`, for `parseArgs`. */
export const newDistrictOptions = {
  name: text,
  'time-zone': text,
  'admin-given': text,
  'admin-family': text,
  'admin-email': text,
  'admin-sourced-id': text,
  'brake-percent': text,
  'brake-rows': text,
  machine: text,
  features: text,
  feed: text,
  api: text,
  reason: text,
  ...sourceOptions,
} as const

type Values = Partial<Record<keyof typeof newDistrictOptions, string>>

export type NewDistrictOptions = MetadataSources & {
  name: string
  timeZone: string
  brake: { percent: number; rows: number }
  administrator: { sourcedId: string; givenName: string; familyName: string; email: string }
  features: readonly Feature[]
  /** The name of the machine that sends the roster; null for none. */
  machine: string | null
  feed: string | null
  /** Where the feed is sent for a dry run, as that machine; null for nowhere. */
  apiUrl: string | null
  reason: string
}

/** @throws WrongUse naming the option */
export const readNewDistrict = (
  values: Values,
  { isLocalStack, apiUrl }: Pick<DistrictSource, 'isLocalStack' | 'apiUrl'>,
): NewDistrictOptions => {
  const timeZone = readTimeZone(readLine(values, 'time-zone'))
  const email = readLine(values, 'admin-email')
  if (!/^[^\s@,;<>"]+@[^\s@,;<>"]+\.[^\s@,;<>"]+$/.test(email) || email.length > 254)
    throw new WrongUse('--admin-email must be one e-mail address')
  return {
    name: readLine(values, 'name', 200),
    timeZone,
    brake: {
      percent: readCount(values, 'brake-percent', brakeDefaults.percent, brakeMax.percent),
      rows: readCount(values, 'brake-rows', brakeDefaults.rows, brakeMax.rows),
    },
    ...readMetadataSources(values),
    administrator: {
      sourcedId: readSourcedId(values['admin-sourced-id'] ?? 'hallpass:admin-1'),
      givenName: readLine(values, 'admin-given'),
      familyName: readLine(values, 'admin-family'),
      email,
    },
    features: readFeatures(values),
    machine: values.machine === undefined ? null : readLine(values, 'machine'),
    feed: values.feed ?? null,
    apiUrl: readDryRunUrl(values) ?? apiUrl,
    reason: readLine({ reason: isLocalStack ? 'local stack' : undefined, ...values }, 'reason', 500),
  }
}

const readFeatures = ({ features: named = '' }: Values): Feature[] => {
  const words = named.split(',').filter((word) => word !== '')
  const known = features.filter((feature) => words.includes(feature))
  if (known.length === new Set(words).size) return known
  throw new WrongUse(`--features must be some of ${features.join()}`)
}

const readDryRunUrl = ({ api, feed, machine }: Values): string | null => {
  if (api === undefined) return null
  if (feed === undefined || machine === undefined) throw new WrongUse('--api is where the feed is tried: it needs --feed and --machine')
  return readApiUrl(api)
}

// oxlint-disable-next-line eslint/no-control-regex
const unprintable = /[\u0000-\u001F\u007F-\u009F\u2028\u2029]/

const readLine = (values: { [Name in keyof Values]: Values[Name] | undefined }, name: keyof Values, charactersMax = 100): string => {
  const line = (values[name] ?? '').trim()
  if (line === '' || line.length > charactersMax || unprintable.test(line))
    throw new WrongUse(`--${name} must be given, in one line of at most ${charactersMax} characters`)
  return line
}

const readCount = (values: Values, name: keyof Values, otherwise: number, max: number): number => {
  const value = values[name]
  return value === undefined ? otherwise : readWhole(name, value, max)
}

/** `hallpass:…` is no feed's; an id without a colon is the SIS's own of that person. */
const readSourcedId = (id: string): string => {
  if (isId(id.replace(/^hallpass:/, ''))) return id
  throw new WrongUse('--admin-sourced-id must be an id of the district’s system, or hallpass: and letters, digits, . / @ _ -')
}
