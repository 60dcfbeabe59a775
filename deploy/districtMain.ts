/** `npm run district`: makes districts, lists them, and gives their people permissions. */
import { readFile } from 'node:fs/promises'
import { parseArgs } from 'node:util'
import { findStaffName } from '../clients/findStaffName.ts'
import { createClientSecret } from '../crypto/createClientSecret.ts'
import { createDistrict } from '../db/createDistrict.ts'
import { permissions } from '../db/entities/Grant.ts'
import { acrossDistricts, openDatabase } from '../db/openDatabase.ts'
import type { Database } from '../db/openDatabase.ts'
import { listDistrictNames } from '../db/queries/listDistrictNames.ts'
import type { NamedDistrict } from '../db/queries/listDistrictNames.ts'
import { apiScopes } from '../domain/apiClients.ts'
import { features } from '../domain/features.ts'
import { wordKinds } from '../domain/language/wordKinds.ts'
import type { FeedReport } from '../domain/roster/feedReport.ts'
import { FeedUnreadable } from '../domain/roster/unreadable.ts'
import { changeDistrict, settingsOptions, settingsVerbs } from './changeDistrict.ts'
import { checkFeed } from './checkFeed.ts'
import { Refused } from './refused.ts'
import { grantOptions, setGrant } from './setGrant.ts'
import { pullOptions, setPull } from './setPull.ts'
import { setWords, wordOptions, wordVerbs } from './setWords.ts'
import { openFeedFile } from './roster/openFeedFile.ts'
import { openMachine } from './roster/openMachine.ts'
import { sendFeed } from './roster/sendFeed.ts'
import { findDistrictSource } from './findDistrictSource.ts'
import type { DistrictSource } from './findDistrictSource.ts'
import { newDistrictOptions, readNewDistrict } from './readNewDistrict.ts'
import type { NewDistrictOptions } from './readNewDistrict.ts'
import { toCreatedText } from './toCreatedText.ts'
import type { MadeDistrict as Made, TriedFeed } from './toCreatedText.ts'
import { WrongUse } from './wrongUse.ts'

const help = `npm run district -- list [--json]
npm run district -- pull --district <id> --base-url <https://…> --token-url <https://…> --client-id <id> --secret-file <file>
    [--every-hours 24] [--bulk-every-days 7] --reason <why> [--json]
npm run district -- pause-pull | resume-pull --district <id> --reason <why> [--json]
npm run district -- grants --district <id> [--json]
npm run district -- grant --district <id> --user <id> --permission ${permissions.join('|')} [--until <day, such as 2027-06-30>]
    --reason <why> [--json]
npm run district -- revoke --district <id> --user <id> --permission ${permissions.join('|')} --reason <why> [--json]
npm run district -- words --district <id> [--json]
npm run district -- add-word | remove-word --district <id> --term <word or phrase> --language <code, such as es>
    [--kind ${wordKinds.join('|')}] --reason <why> [--json]
npm run district -- settings --district <id> [--json]
npm run district -- set --district <id> [--time-zone <IANA name>] [--brake-percent <0–100>] [--brake-rows <count>]
    [--custody-column metadata.<name> --custody-permitted <words> --custody-denied <words>] [--language-column metadata.<name>|none]
    [--quiet-from <time, such as 21:00>] [--quiet-until <time, such as 07:00>] [--language <tag, such as es-MX>]
    [--translation-budget <characters a month>|none] [--translation-formality formal|informal|none] [--mask-profanity yes|no] --reason <why> [--json]
npm run district -- create --name <name> --time-zone <IANA name, such as America/Chicago>
    --admin-given <name> --admin-family <name> --admin-email <address> [--admin-sourced-id <id>]
    [--custody-column metadata.<name> --custody-permitted <words> --custody-denied <words>] [--language-column metadata.<name>|none]
    [--brake-percent 10] [--brake-rows 25] [--machine <name of the system that sends the roster>]
    [--features ${features.join()}]
    [--feed <feed.zip>] [--api <https://…>] [--even-if-the-name-is-taken] --reason <why> [--json]

Makes a district: its keys, our terms of use as version 1 (the district publishes its own), its first administrator with the permission to administer, and with --machine the credentials of the
system that sends its roster, whose secret is shown this once. All of it is made or nothing. With --feed the package is read first,
and what a first sync would take in and what looks wrong is printed; a feed that cannot be read makes no district, and nothing of
it is applied. With --machine and the address of the API (that of the stack on this machine need not be said) the feed is then sent
as a dry run of that machine, and what its sync would do is printed. The administrator's id is hallpass:admin-1 unless said otherwise: no feed has such an id, so no feed ends it. With the
id that the district's own system has for that person, a feed that no longer names it ends the account. Without --features everything is off until
an administrator of the district switches it on, school by school; those that are named are on in every school from the start.

pull says where the district's roster is fetched from: a OneRoster 1.2 service, with OAuth 2 client credentials that may read
roster-core.readonly. The secret is read from a file and kept encrypted. The first fetch begins within minutes and takes everything;
list shows how it went.

grant gives a permission to somebody who works for the district, by their id here or the one of the district's own system: administer
(its roster, its machines, who reaches whom), audit, or safety (its reports and concerns). It counts at once, until it is revoked, until the day of --until begins in the
district, or until the person's work there ends. Somebody outside of Hallpass has to have asked for it who may. revoke ends a
permission at once, and grants lists all that were ever given, with who holds them now.

add-word adds a word to what the language check knows for the district: its author is asked once more (nudge, unless said otherwise), or a concern of
that kind is raised. It counts within half a minute. words lists them; with --json also how often authors were asked in the last 30 days, and what they did.

set says anew what a district was made with; what is not named stays, and settings shows how it stands. The time zone counts at once, in whatever asks
what day it is there: a term may begin or end a day sooner. The brake, custody and
--language-column count with the next feed: send one in bulk after one of the columns was said anew. --language-column is where feeds tell in which language
people are (metadata.homeLanguage unless another is named), and none where they are not to.
Nobody is notified from --quiet-from until --quiet-until there who has not set hours of their own, in its time zone; with twice the same time no hour is quiet. --language is that of
whoever has not said in which they want to be written to, and of whom the roster does not say it. When the characters of --translation-budget are used up, nothing more is translated until the next month.

Reads DATABASE_URL_OWNER, DATABASE_URL_SWEEPER and KEY_FILE (or HALLPASS_REGION for AWS KMS), or else the stack that runs in this
folder. Written to the audit log of our operations with who and why; --reason may be left out for a stack on this machine.
Exits 0 when it is done, 1 when it was refused, 2 when wrongly used.
`

const verbs: ReadonlySet<string> = new Set([
  'list',
  'create',
  'pull',
  'pause-pull',
  'resume-pull',
  'grants',
  'grant',
  'revoke',
  ...wordVerbs,
  ...settingsVerbs,
])

const parse = () => {
  const flag = { type: 'boolean', default: false } as const
  const options = {
    ...newDistrictOptions,
    ...pullOptions,
    ...grantOptions,
    ...wordOptions,
    ...settingsOptions,
    'even-if-the-name-is-taken': flag,
    json: flag,
    help: flag,
  }
  try {
    return parseArgs({ allowPositionals: true, options })
  } catch {
    throw new WrongUse('there is no such option')
  }
}

const use = async <T>(url: string, work: (database: Database) => Promise<T>): Promise<T> => {
  const database = await openDatabase({ url, connectionsMax: 1 })
  try {
    return await work(database)
  } finally {
    await database.close()
  }
}

const readNames = (source: DistrictSource): Promise<NamedDistrict[]> =>
  use(source.sweeperUrl, (sweeper) => acrossDistricts(sweeper, listDistrictNames))

const toListText = (districts: readonly NamedDistrict[]): string =>
  districts.length === 0
    ? 'There is no district yet.\n  mend: npm run district -- create --help\n'
    : districts
        .map(
          (of) =>
            `${of.districtId}  ${of.timeZone}  ${of.rosterVersion === 0 ? 'no roster yet' : `roster ${of.rosterVersion}`}${toPullText(of.pull)}  ${of.name}\n`,
        )
        .join('')

const toPullText = (pull: NamedDistrict['pull']): string => {
  if (pull === null) return ''
  const how = pull.isPaused ? 'paused' : pull.state === 'pulling' ? 'under way' : (pull.faultCode ?? pull.outcome ?? 'begins soon')
  return `  fetched every ${pull.everyHours} h: ${how}`
}

const readFeed = async ({ feed, ...sources }: NewDistrictOptions): Promise<FeedReport | null> => {
  if (feed === null) return null
  try {
    return await checkFeed(feed, { sources, today: new Date().toISOString().slice(0, 10), rejectsPath: null })
  } catch (error) {
    if (error instanceof FeedUnreadable)
      throw new Refused(`the feed cannot be read, so no district was made\n  ${error.message}\n  mend: ${error.mend}`)
    throw new Refused(
      'the feed could not be opened, so no district was made\n  mend: see that --feed names a zip that this account may read',
    )
  }
}

const create = async (source: DistrictSource, options: NewDistrictOptions, mayShareName: boolean): Promise<Made> => {
  const isSame = (name: string): boolean => name.trim().toLowerCase() === options.name.toLowerCase()
  const taken = (await readNames(source)).find(({ name }) => isSame(name))
  if (taken !== undefined && !mayShareName)
    throw new Refused(`there is a district of that name: ${taken.districtId}\n  mend: use that one, or add --even-if-the-name-is-taken`)
  const report = await readFeed(options)
  const credentials = options.machine === null ? null : { name: options.machine, ...createClientSecret() }
  const client = credentials && { name: credentials.name, scopes: apiScopes, secretHash: credentials.secretHash }
  const termsOfUse = await readFile(new URL('termsOfUse.md', import.meta.url), 'utf8')
  const keyService = await source.openKeyService()
  const made = await use(source.ownerUrl, (owner) =>
    createDistrict({ owner, keyService }, { ...options, client, termsOfUse, staff: findStaffName() }),
  )
  return { ...made, clientSecret: credentials?.secret ?? null, report }
}

/** Whoever makes a district sits before it. */
const dryRunWaitMs = 600_000

const showState = (state: string): void => void process.stderr.write(`dry run: ${state}\n`)

/** The district stands by now, so what keeps its feed from being tried is told beside it. */
const tryFeed = async (created: Made, { feed: path, apiUrl }: NewDistrictOptions): Promise<TriedFeed | null> => {
  const { districtId, clientId, clientSecret } = created
  if (path === null || apiUrl === null || clientId === null || clientSecret === null) return null
  try {
    const machine = await openMachine({ apiUrl, clientId, clientSecret })
    const feed = await openFeedFile(path)
    return { sync: await sendFeed(machine, { districtId, feed, isDryRun: true }, { waitMs: dryRunWaitMs, onState: showState }) }
  } catch (error) {
    return { problem: error instanceof Refused ? error.message : 'it could not be sent\n  mend: npm run roster -- send --dry-run' }
  }
}

const main = async (): Promise<void> => {
  const { values, positionals } = parse()
  const [verb, ...more] = positionals
  if (values.help) return void process.stdout.write(help)
  if (verb === undefined || !verbs.has(verb) || more.length > 0) throw new WrongUse(`say one of ${[...verbs].join(', ')}`)
  const source = findDistrictSource()
  if (source === null)
    throw new Refused(
      'no stack runs in this folder\n  mend: npm run stack, or set DATABASE_URL_OWNER, DATABASE_URL_SWEEPER and KEY_FILE or HALLPASS_REGION',
    )
  const print = (json: object, lines: string): void => void process.stdout.write(values.json ? `${JSON.stringify(json)}\n` : lines)
  if (verb === 'list') {
    const districts = await readNames(source)
    return print({ districts }, toListText(districts))
  }
  if (verb === 'grants' || verb === 'grant' || verb === 'revoke') {
    const { json, lines } = await setGrant(source, verb, values)
    return print(json, lines)
  }
  const wordVerb = wordVerbs.find((known) => known === verb)
  if (wordVerb !== undefined) {
    const { json, lines } = await setWords(source, wordVerb, values)
    return print(json, lines)
  }
  const settingsVerb = settingsVerbs.find((known) => known === verb)
  if (settingsVerb !== undefined) {
    const { json, lines } = await changeDistrict(source, settingsVerb, values)
    return print(json, lines)
  }
  if (verb !== 'create') {
    const pulled = await setPull(source, verb, values)
    return print(pulled, `${verb} is done. npm run district -- list shows how it stands.\n`)
  }
  const options = readNewDistrict(values, source)
  const created = await create(source, options, values['even-if-the-name-is-taken'])
  const tried = await tryFeed(created, options)
  print({ ...created, dryRun: tried }, toCreatedText({ ...created, tried }, options))
}

try {
  await main()
} catch (error) {
  const isWrong = error instanceof WrongUse
  // The driver's words may hold values.
  const known = isWrong || error instanceof Refused
  const code = error instanceof Error && 'code' in error ? ` (${String(error.code)})` : ''
  const message = known
    ? error.message
    : `it could not be done${code}\n  mend: see that the database and the keys can be reached, then look with "list" before you try again`
  process.stderr.write(`hallpass: ${message}\n${isWrong ? `\n${help}` : ''}`)
  process.exitCode = isWrong ? 2 : 1
}
