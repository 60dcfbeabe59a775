/** `npm run demo`: a real stack, a sample district, and real files going through it. */
import { fileURLToPath } from 'node:url'
import { usualTaskLog } from '../stack/runTasks.ts'
import { startApps, type Apps } from '../stack/startApps.ts'
import { startStack, type Stack } from '../stack/startStack.ts'
import { waitForSignal } from '../stack/waitForSignal.ts'
import { watchLauncher } from '../stack/watchLauncher.ts'
import { demoHelp, readDemoOptions, type DemoOptions } from './readDemoOptions.ts'
import { printAddresses } from './report/printAddresses.ts'
import { printScenes } from './report/printScenes.ts'
import { printTable } from './report/printTable.ts'
import { toReport } from './report/toReport.ts'
import { demoEnvironment, runScenario } from './runScenario.ts'

const stackFolder = fileURLToPath(new URL('../.stack', import.meta.url))
const interruptedCode = 130

/** `promise` rejects at Ctrl-C. */
type Interruption = { promise: Promise<never>; signal: AbortSignal }

/** Runs the scenario and reports. Rejects when interrupted, or when a server or an application ends by itself. */
const showRunning = async (stack: Stack, apps: Apps, options: DemoOptions, interruption: Interruption): Promise<number> => {
  const broken = Promise.race([stack.broken, apps.broken]).then((name) => {
    throw new Error(`${name} ended by itself; see ${stack.folder}/logs/${name}.log`)
  })
  const scenario = runScenario(stack, apps, { log: usualTaskLog(), signal: interruption.signal })
  const { results, scenes } = await Promise.race([scenario, broken, interruption.promise])
  const report = toReport(results, scenes, stack.pager.alerts())
  printTable(process.stderr, results, report)
  printScenes(process.stderr, scenes)
  if (options.json) process.stdout.write(`${JSON.stringify(report, null, 2)}\n`)
  if (!options.once) {
    printAddresses(process.stderr, stack, apps)
    // What this ends is a demo that has shown everything.
    await Promise.race([broken, interruption.promise.catch(() => undefined)])
  }
  const { total, asExpected, checks } = report.summary
  return asExpected === total && checks.asExpected === checks.total ? 0 : 1
}

/** Answers the exit code. Whatever happens, what was started is stopped. */
const show = async (options: DemoOptions, interruption: Interruption): Promise<number> => {
  const log = usualTaskLog()
  // A first start may build programs for minutes and cannot be called back: an interruption does not wait for it.
  const stack = await Promise.race([startStack({ folder: stackFolder, log }), interruption.promise])
  try {
    const apps = await Promise.race([startApps(stack, { log, environment: demoEnvironment }), interruption.promise])
    return await showRunning(stack, apps, options, interruption)
  } finally {
    await stack.stop()
  }
}

const listenForInterruption = (): Interruption => {
  const stopping = new AbortController()
  const promise = waitForSignal().then((name) => {
    stopping.abort()
    throw new Error(name)
  })
  // Nobody may be waiting when it happens.
  promise.catch(() => undefined)
  return { promise, signal: stopping.signal }
}

const main = async (): Promise<number> => {
  const options = readDemoOptions(process.argv.slice(2))
  if (options.help) {
    process.stdout.write(demoHelp)
    return 0
  }
  watchLauncher()
  const interruption = listenForInterruption()
  try {
    return await show(options, interruption)
  } catch (error) {
    if (!interruption.signal.aborted) throw error
    process.stderr.write('Interrupted. Everything is stopped; the next start goes on from here.\n')
    return interruptedCode
  }
}

try {
  process.exitCode = await main()
} catch (error) {
  process.stderr.write(`hallpass: ${error instanceof Error ? error.message : String(error)}\n`)
  process.exitCode = 1
}
// Standard output may be a pipe that is still being written; what else holds this process open has nothing left to do.
process.stdout.write('', () => process.exit())
