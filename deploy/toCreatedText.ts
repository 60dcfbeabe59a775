import type { FeedReport } from '../domain/roster/feedReport.ts'
import type { CreatedDistrict } from '../db/createDistrict.ts'
import type { NewDistrictOptions } from './readNewDistrict.ts'
import { toReportText } from './toReportText.ts'

/** What was made, for whoever made it; the secret stands here and nowhere else. */
export const toCreatedText = (
  {
    districtId,
    administratorId,
    clientId,
    clientSecret,
    report,
  }: CreatedDistrict & { clientSecret: string | null; report: FeedReport | null },
  { timeZone, brake, custody }: NewDistrictOptions,
): string =>
  [
    `The district is there.\n`,
    `  district       ${districtId}`,
    `  administrator  ${administratorId}`,
    `  time zone      ${timeZone}`,
    `  brake          holds removals over ${brake.percent} % of a kind of row and at least ${brake.rows}`,
    `  custody        ${custody === null ? 'no column says it, so no guardian can be written to' : `from ${custody.column}`}`,
    ...(clientId === null ? [] : [`  client id      ${clientId}`, `  client secret  ${clientSecret}    (shown this once)`]),
    '',
    ...(report === null ? [] : ['What a first sync of that feed would do:\n', toReportText(report)]),
    `Next: send the roster${clientId === null ? ', for which a machine needs credentials' : ''}. docs/roster-feeds.md says how.`,
    '',
  ].join('\n')
