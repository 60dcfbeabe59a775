/** `npm run roster`: what a OneRoster feed holds and what is wrong with it, before anything is sent. Needs no server. */
import { parseArgs } from 'node:util'
import { FeedUnreadable } from '../domain/roster/unreadable.ts'
import { checkFeed } from './checkFeed.ts'
import { custodyOptions, readCustodySource } from './readCustodySource.ts'
import { toReportText } from './toReportText.ts'
import { WrongUse } from './wrongUse.ts'

const help = `npm run roster -- check <feed.zip> [--rejects <new file.csv>] [--json]
                            [--custody-column metadata.<name> --custody-permitted <words> --custody-denied <words>]

Reads a OneRoster 1.1 or 1.2 package, bulk or delta, and says what a sync would take in, what it would reject and why, and what
looks wrong. Applies nothing and asks no server. Prints counts and codes; --rejects writes each reject with its line and ids to a
file that does not exist yet. Without --custody-column nobody's custody is known. Words are separated by commas.
What each code means and how to mend it: docs/roster-feeds.md. Exits 0 when the feed can be read, 1 when not, 2 when wrongly used.
`

const parse = () => {
  const text = { type: 'string' } as const
  const flag = { type: 'boolean', default: false } as const
  const options = {
    rejects: text,
    ...custodyOptions,
    json: flag,
    help: flag,
  }
  try {
    return parseArgs({ allowPositionals: true, options })
  } catch {
    throw new WrongUse('there is no such option')
  }
}

const main = async (): Promise<0 | 1> => {
  const { values, positionals } = parse()
  if (values.help) {
    process.stdout.write(help)
    return 0
  }
  const [verb, path, ...more] = positionals
  if (verb !== 'check' || path === undefined || more.length > 0) throw new WrongUse('say check and one zip')
  const custody = readCustodySource(values)
  const print = (json: object, lines: string): void => void process.stdout.write(values.json ? `${JSON.stringify(json)}\n` : lines)
  try {
    const report = await checkFeed(path, { custody, today: new Date().toISOString().slice(0, 10), rejectsPath: values.rejects ?? null })
    print({ readable: true, ...report }, toReportText(report))
    return 0
  } catch (error) {
    if (!(error instanceof FeedUnreadable)) throw error
    const { code, at, mend } = error
    print(
      { readable: false, code, at, mend },
      `This feed cannot be read, so nothing of it would be applied.\n  ${error.message}\n  mend: ${mend}\n`,
    )
    return 1
  }
}

try {
  process.exitCode = await main()
} catch (error) {
  if (error instanceof WrongUse) process.stderr.write(`hallpass: ${error.message}\n\n${help}`)
  else {
    const code = error instanceof Error && 'code' in error ? String(error.code) : 'failed'
    process.stderr.write(
      `hallpass: a file could not be read or made: ${code}\n  mend: see that the zip is there, and that --rejects names a file that is not\n`,
    )
  }
  process.exitCode = 2
}
