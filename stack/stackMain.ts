/**
 * `npm run stack`: the stack with the API, the worker and the sample district, until Ctrl-C.
 * `npm run dev`: the same, and the API and the worker start again when one of their files changes.
 */
import { fileURLToPath } from 'node:url'
import { parseArgs } from 'node:util'
import { openSampleDistricts, type OpenDistrict } from '../demo/district/openSampleDistricts.ts'
import { toPlace } from '../demo/district/place.ts'
import { runTasks, usualTaskLog } from './runTasks.ts'
import { StackProblem } from './stackProblem.ts'
import { startApps } from './startApps.ts'
import type { TaskLog } from './runTasks.ts'
import type { Apps } from './startApps.ts'
import { startStack } from './startStack.ts'
import type { Stack } from './startStack.ts'
import { waitForSignal } from './waitForSignal.ts'
import { writeSampleFeeds } from './writeSampleFeeds.ts'
import { writeStackFile } from './writeStackFile.ts'

const help = `npm run stack            servers, API, worker and the sample district, until Ctrl-C
npm run dev              the same; API and worker start again when a file changes
  --fresh                forgets all data of the last start
  --folder <path>        keeps data there instead of in .stack
`

const interruptedCode = 130

const say = (line: string): void => void process.stderr.write(`${line}\n`)

const announce = (stack: Stack, apps: Apps, district: OpenDistrict, file: string): void => {
  const people = Object.entries(district.people).map(([role, person]) => `    ${role.padEnd(24)}${person?.id}  ${person?.name}`)
  const lines = [
    ['API', apps.api.url],
    ['API docs', apps.api.docs],
    ['Temporal UI', stack.temporal.ui],
    ['mail sink', stack.mail.web],
    ['SMS sink', stack.sms.web],
    ['translations', stack.translation.endpoint ?? `off: ${stack.translation.problem}`],
    ['alert sink', stack.pager.web],
    ['logs', `${stack.folder}/logs`],
    ['feeds', `${stack.folder}/sample-feed.zip, broken-feed.zip`],
    ['all of it', `${file} (addresses and credentials)`],
  ].map(([name = '', value = '']) => `  ${name.padEnd(14)}${value}`)
  say(['', ...lines, '', `  ${district.name}, one person of each role:`, ...people].join('\n'))
  say('\n  To act as one of them: npm run session -- --user <id>\n  Ctrl-C ends everything.\n')
}

/** Starts applications and district, tells where they are, and resolves with the name of what ends by itself. */
const runApps = async (stack: Stack, options: { log: TaskLog; reload: boolean }, cleanup: (() => void)[]): Promise<string> => {
  const apps = await startApps(stack, options)
  let district: OpenDistrict | null = null
  const seed = async (): Promise<void> => {
    district = (await openSampleDistricts(toPlace(stack, apps))).sample
    await writeSampleFeeds(stack.folder, district.rows)
  }
  await runTasks([{ title: 'Sample district', run: seed }], options.log)
  if (district) {
    const file = writeStackFile(stack, apps, district)
    cleanup.push(file.remove)
    announce(stack, apps, district, file.path)
  }
  return Promise.race([stack.broken, apps.broken])
}

/** Answers the exit code. An interruption while starting does not wait: the supervisor ends what was started. */
const run = async (options: { folder: string; isFresh: boolean; reload: boolean }): Promise<number> => {
  const log = usualTaskLog()
  const interrupted = waitForSignal().then(() => null)
  const stack = await Promise.race([startStack({ ...options, log }), interrupted])
  if (!stack) return interruptedCode
  const cleanup: (() => void)[] = []
  try {
    const broken = await Promise.race([runApps(stack, { log, reload: options.reload }, cleanup), interrupted])
    if (broken === null) return 0
    say(`hallpass: ${broken} ended by itself; see ${stack.folder}/logs/${broken}.log`)
    return 1
  } finally {
    say('hallpass: ending')
    for (const clean of cleanup) clean()
    await stack.stop()
  }
}

const { values } = parseArgs({
  options: {
    fresh: { type: 'boolean', default: false },
    folder: { type: 'string', default: fileURLToPath(new URL('../.stack', import.meta.url)) },
    reload: { type: 'boolean', default: false },
    help: { type: 'boolean', default: false },
  },
})
if (values.help) process.stdout.write(help)
else {
  try {
    process.exitCode = await run({ folder: values.folder, isFresh: values.fresh, reload: values.reload })
  } catch (error) {
    say(
      error instanceof StackProblem
        ? `\nhallpass: ${error.message}`
        : `\nhallpass: ${error instanceof Error ? error.stack : String(error)}`,
    )
    process.exitCode = 1
  }
  // Whatever still holds this process open has nothing left to do.
  process.exit()
}
