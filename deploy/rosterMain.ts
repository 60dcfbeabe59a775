/** `npm run roster`: what a OneRoster feed holds and what is wrong with it, before anything is sent; and sends it. */
import { createWriteStream, existsSync } from 'node:fs'
import { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { parseArgs } from 'node:util'
import { validate as isUuid } from 'uuid'
import { FeedUnreadable } from '../domain/roster/unreadable.ts'
import { checkFeed } from './checkFeed.ts'
import { readMetadataSources, sourceOptions } from './readMetadataSources.ts'
import { readSecretFile } from './readSecretFile.ts'
import { Refused } from './refused.ts'
import { openFeedFile } from './roster/openFeedFile.ts'
import { openMachine } from './roster/openMachine.ts'
import { readApiUrl } from './roster/readApiUrl.ts'
import { sendFeed } from './roster/sendFeed.ts'
import { toSyncText } from './roster/toSyncText.ts'
import { toReportText } from './toReportText.ts'
import { WrongUse } from './wrongUse.ts'

const help = `npm run roster -- check <feed.zip> [--rejects <new file.csv>] [--json]
                            [--custody-column metadata.<name> --custody-permitted <words> --custody-denied <words>]
                            [--language-column metadata.<name>|none]
npm run roster -- send <feed.zip> --api <https://…> --district <id> --client-id <id> --secret-file <file> [--dry-run]
                            [--exported-at <2026-09-01T02:00:00Z>]
                            [--rejects <new file.csv>] [--changes <new file.csv>] [--json]

check reads a OneRoster 1.1 or 1.2 package, bulk or delta, and says what a sync would take in, what it would reject and why, and
what looks wrong. Applies nothing and asks no server. Prints counts and codes; --rejects writes each reject with its line and ids to
a file that does not exist yet. Without --custody-column nobody's custody is known. Words are separated by commas. The language of
people is looked for in metadata.homeLanguage unless --language-column says otherwise. Exits 0 when the feed can be read, 1 when not, 2 when wrongly used.

send gives the package to Hallpass as a machine of the district, and waits until its sync has ended. With --dry-run nothing is
changed, and --changes writes what would be, row by row. --exported-at says when the feed was read from your system: what happened
since, and was sent as an event, stands. Interrupted, the sync goes on by itself. Exits 0 when it is applied,
unchanged, stale or previewed, 1 when somebody is to look at it, 2 when wrongly used.

What each code means and how to mend it: docs/roster-feeds.md.
`

const parse = () => {
  const text = { type: 'string' } as const
  const flag = { type: 'boolean', default: false } as const
  const options = {
    rejects: text,
    changes: text,
    api: text,
    district: text,
    'client-id': text,
    'secret-file': text,
    'dry-run': flag,
    'exported-at': text,
    ...sourceOptions,
    json: flag,
    help: flag,
  }
  try {
    return parseArgs({ allowPositionals: true, options })
  } catch {
    throw new WrongUse('there is no such option')
  }
}

type Values = ReturnType<typeof parse>['values']

const print = ({ json }: Values, document: object, lines: string): void =>
  void process.stdout.write(json ? `${JSON.stringify(document)}\n` : lines)

const check = async (path: string, values: Values): Promise<0 | 1> => {
  const sources = readMetadataSources(values)
  try {
    const report = await checkFeed(path, { sources, today: new Date().toISOString().slice(0, 10), rejectsPath: values.rejects ?? null })
    print(values, { readable: true, ...report }, toReportText(report))
    return 0
  } catch (error) {
    if (!(error instanceof FeedUnreadable)) throw error
    const { code, at, mend } = error
    print(
      values,
      { readable: false, code, at, mend },
      `This feed cannot be read, so nothing of it would be applied.\n  ${error.message}\n  mend: ${mend}\n`,
    )
    return 1
  }
}

const needsNobody: ReadonlySet<string> = new Set(['applied', 'unchanged', 'stale', 'previewed'])

const showState = (state: string, syncId: string): void => void process.stderr.write(`${state}  ${syncId}\n`)

const send = async (path: string, values: Values): Promise<0 | 1> => {
  const { api, district, 'client-id': clientId, 'secret-file': secretFile } = values
  if (api === undefined || district === undefined || clientId === undefined || secretFile === undefined)
    throw new WrongUse('--api, --district, --client-id and --secret-file must be given')
  if (!isUuid(district) || !isUuid(clientId)) throw new WrongUse('--district and --client-id must be ids')
  if (values.changes !== undefined && !values['dry-run']) throw new WrongUse('--changes is of a dry run: say --dry-run')
  // Found out now, and not when the feed has been applied.
  if ([values.rejects, values.changes].some((file) => file !== undefined && existsSync(file)))
    throw new Refused('the file of a report is there already\n  mend: let --rejects and --changes name files that are not')
  const machine = await openMachine({ apiUrl: readApiUrl(api), clientId, clientSecret: await readSecretFile(secretFile) })
  const feed = { districtId: district, feed: await openFeedFile(path), isDryRun: values['dry-run'], exportedAt: values['exported-at'] }
  const sync = await sendFeed(machine, feed, { onState: showState })
  const keep = async (report: string, file: string | undefined): Promise<void> => {
    if (file === undefined) return
    const from = await machine.read(`/v1/districts/${district}/roster-syncs/${sync.id}/${report}`)
    await pipeline(Readable.fromWeb(from), createWriteStream(file, { flags: 'wx', mode: 0o600 }))
  }
  if (sync.rejectCount > 0) await keep('rejects', values.rejects)
  if (sync.state === 'previewed') await keep('changes', values.changes)
  print(values, sync, toSyncText(sync))
  return needsNobody.has(sync.state) ? 0 : 1
}

const main = async (): Promise<0 | 1> => {
  const { values, positionals } = parse()
  if (values.help) {
    process.stdout.write(help)
    return 0
  }
  const [verb, path, ...more] = positionals
  if ((verb !== 'check' && verb !== 'send') || path === undefined || more.length > 0) throw new WrongUse('say check or send, and one zip')
  return verb === 'check' ? check(path, values) : send(path, values)
}

const toWords = (error: unknown): string => {
  if (error instanceof WrongUse || error instanceof Refused) return error.message
  const code = error instanceof Error && 'code' in error ? String(error.code) : 'failed'
  return `a file could not be read or made: ${code}\n  mend: see that the zip is there, and that --rejects and --changes name files that are not`
}

try {
  process.exitCode = await main()
} catch (error) {
  process.stderr.write(`hallpass: ${toWords(error)}\n${error instanceof WrongUse ? `\n${help}` : ''}`)
  process.exitCode = error instanceof Refused ? 1 : 2
}
