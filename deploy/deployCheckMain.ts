/** `npm run deploy:check`: what has to hold outside of the code before student data go anywhere (docs/deploying.md). */
import { parseArgs } from 'node:util'
import type { Check } from './check/check.ts'
import { checkOptOut } from './check/checkOptOut.ts'
import { checkResidency } from './check/checkResidency.ts'
import { WrongUse } from './wrongUse.ts'

const help = `npm run deploy:check -- [--json]

  regions               every region that is set is in the United States
  endpoints             and so is every endpoint: AWS in the United States, this machine or the compose network
  ai-services-opt-out   where TRANSLATE_REGION is set: the organization's effective AI services opt-out policy keeps
                        what is translated from being used for anything else

Reads the variables of the worker, and the AWS credentials of where it runs: organizations:DescribeEffectivePolicy.
Changes nothing. Exits 0 when all of it holds, 1 when something does not or cannot be known, 2 for wrong use.
`

const toLine = (check: Check): string =>
  `${check.ok ? 'ok  ' : 'FAIL'}  ${check.name.padEnd(20)}  ${check.detail}\n${check.ok ? '' : `      mend: ${check.mend}\n`}`

const readOptions = (): { json: boolean; help: boolean } => {
  try {
    return parseArgs({ options: { json: { type: 'boolean', default: false }, help: { type: 'boolean', default: false } } }).values
  } catch {
    throw new WrongUse('no such option: npm run deploy:check -- --help')
  }
}

const main = async (): Promise<void> => {
  const options = readOptions()
  if (options.help) return void process.stdout.write(help)
  if ((process.env['HALLPASS_REGION'] ?? '') === '')
    throw new WrongUse('this environment describes no deployment: HALLPASS_REGION is missing. Run it with the variables of the worker')
  const checks = [...checkResidency(process.env), await checkOptOut(process.env)]
  const ok = checks.every((check) => check.ok)
  process.stdout.write(options.json ? `${JSON.stringify({ ok, checks })}\n` : checks.map(toLine).join(''))
  process.exitCode = ok ? 0 : 1
}

try {
  await main()
} catch (error) {
  process.stderr.write(`hallpass: ${error instanceof Error ? error.message : 'failed'}\n`)
  process.exitCode = error instanceof WrongUse ? 2 : 1
}
