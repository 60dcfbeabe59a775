import type { FeedReport } from '../domain/roster/feedReport.ts'
import type { CreatedDistrict } from '../db/createDistrict.ts'
import type { NewDistrictOptions } from './readNewDistrict.ts'
import type { SentSync } from './roster/syncShapes.ts'
import { toSyncText } from './roster/toSyncText.ts'
import { toReportText } from './toReportText.ts'

/** A district that was made; the secret stands here and nowhere else. */
export type MadeDistrict = CreatedDistrict & { clientSecret: string | null; report: FeedReport | null }

/** How the dry run of its feed ended, or what kept it. */
export type TriedFeed = { sync: SentSync } | { problem: string }

/** What was made, for whoever made it; the secret stands here and nowhere else. */
export const toCreatedText = (
  { districtId, administratorId, clientId, clientSecret, report, tried }: MadeDistrict & { tried: TriedFeed | null },
  { timeZone, brake, custody, languageColumn, features }: NewDistrictOptions,
): string =>
  [
    `The district is there.\n`,
    `  district       ${districtId}`,
    `  administrator  ${administratorId}`,
    `  time zone      ${timeZone}`,
    `  brake          holds removals over ${brake.percent} % of a kind of row and at least ${brake.rows}`,
    `  custody        ${custody === null ? 'no column says it, so no guardian can be written to' : `from ${custody.column}`}`,
    `  language       ${languageColumn === null ? 'no column says it' : `of people from ${languageColumn}`}`,
    `  features       ${features.length === 0 ? 'all off: an administrator switches them on, school by school' : `${features.join(', ')} in every school`}`,
    ...(clientId === null ? [] : [`  client id      ${clientId}`, `  client secret  ${clientSecret}    (shown this once)`]),
    '',
    ...(report === null ? [] : ['What a first sync of that feed would take in:\n', toReportText(report)]),
    ...(tried === null ? [] : [toTriedText(tried)]),
    `Next: send the roster${clientId === null ? ', for which a machine needs credentials' : ''}. docs/roster-feeds.md says how.`,
    '',
  ].join('\n')

const toTriedText = (tried: TriedFeed): string => ('sync' in tried ? toSyncText(tried.sync) : `The feed was not tried: ${tried.problem}\n`)
