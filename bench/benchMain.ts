/** `npm run bench`: measures, and prints one document. Progress goes to standard error. */
import { parseArgs } from 'node:util'
import { WrongUse } from '../deploy/wrongUse.ts'
import { StackProblem } from '../stack/stackProblem.ts'
import { watchLauncher } from '../stack/watchLauncher.ts'
import { benchAttachments } from './attachments/benchAttachments.ts'
import { toTable, type BenchDocument } from './bench.ts'
import { benchMessaging } from './messaging/benchMessaging.ts'
import { benchLanguage } from './language/benchLanguage.ts'
import { benchRevocation } from './revocation/benchRevocation.ts'
import { benchRoster } from './roster/benchRoster.ts'
import { benchTranslation } from './translation/benchTranslation.ts'

const help = `npm run bench -- attachments      the way of a file, against what its parts could do alone (docs/performance.md)
npm run bench -- roster           the way of a feed of a million enrollments, against CSV, COPY and a diff in SQL without rules
npm run bench -- revocation       how soon each way of reading ends, after one event and after a feed of 10,000 enrollments
npm run bench -- messaging        posts against an encrypted INSERT behind the same server, and reads among two million messages
npm run bench -- language --data <folder>   precision and recall of the language check over labelled texts (docs/safety.md); needs no servers
npm run bench -- translation [--data <folder>]   what guard and client cost over a bare call, what comes unchanged through the stack's translator (docs/translation.md), also of sentences of yours, how often it is asked for what a hundred read at once, and messages a second
  --json             one document on standard output, and nothing else
  --quick            few and small ones: shows that it works, and measures nothing worth keeping
  --only <part,…>    some parts of attachments only: throughput, processor, overhead, latency, memory, backlog, rescan;
                     or of translation: overhead, survival, readers, throughput

Nothing else should run on the machine. Servers, API and worker are its own, in .stack/bench, and are ended with it.
`

const readOptions = () => {
  try {
    return parseArgs({
      allowPositionals: true,
      options: {
        json: { type: 'boolean', default: false },
        quick: { type: 'boolean', default: false },
        only: { type: 'string' },
        data: { type: 'string' },
        help: { type: 'boolean', default: false },
      },
    })
  } catch {
    throw new WrongUse('no such option, or one without its value: npm run bench -- --help')
  }
}

type Bench = (asked: { isQuick: boolean; only: string[] | null; data: string }) => Promise<BenchDocument>

const benches: ReadonlyMap<string, Bench> = new Map<string, Bench>([
  ['attachments', benchAttachments],
  ['roster', benchRoster],
  ['revocation', benchRevocation],
  ['messaging', benchMessaging],
  ['language', ({ data }) => benchLanguage(data)],
  ['translation', benchTranslation],
])

const main = async (): Promise<number> => {
  const { values, positionals } = readOptions()
  if (values.help) {
    process.stdout.write(help)
    return 0
  }
  const [name = '', ...more] = positionals
  const bench = benches.get(name)
  if (
    more.length > 0 ||
    bench === undefined ||
    (name !== 'attachments' && name !== 'translation' && values.only !== undefined) ||
    (name !== 'translation' && (name === 'language') !== (values.data !== undefined))
  ) {
    process.stderr.write(`Say which benchmark: ${[...benches.keys()].join(', ')}.\n\n${help}`)
    return 2
  }
  if (values.data === '') throw new WrongUse('--data names no folder')
  const only = values.only?.split(',').map((part) => part.trim()) ?? null
  watchLauncher()
  const document = await bench({ isQuick: values.quick, only, data: values.data ?? '' })
  process.stdout.write(values.json ? `${JSON.stringify(document, null, 2)}\n` : toTable(document))
  return 0
}

try {
  process.exitCode = await main()
} catch (error) {
  const isMeantForPeople = error instanceof WrongUse || error instanceof StackProblem
  process.stderr.write(`hallpass: ${error instanceof Error ? ((isMeantForPeople ? null : error.stack) ?? error.message) : String(error)}\n`)
  process.exitCode = error instanceof WrongUse ? 2 : 1
}
process.stdout.write('', () => process.exit())
