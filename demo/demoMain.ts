/** `npm run demo`: a real stack, a sample district, and real files going through it. */
import { fileURLToPath } from 'node:url'
import { usualTaskLog } from '../stack/runTasks.ts'
import { startApps } from '../stack/startApps.ts'
import { startStack } from '../stack/startStack.ts'
import { waitForSignal } from '../stack/waitForSignal.ts'
import { watchLauncher } from '../stack/watchLauncher.ts'
import { demoHelp, readDemoOptions, type DemoOptions } from './readDemoOptions.ts'
import { isAsExpected } from './report/fileResult.ts'
import { printAddresses } from './report/printAddresses.ts'
import { printTable } from './report/printTable.ts'
import { toReport } from './report/toReport.ts'
import { demoEnvironment, runScenario } from './runScenario.ts'

const stackFolder = fileURLToPath(new URL('../.stack', import.meta.url))
const interruptedCode = 130

/** Answers the exit code. Whatever happens, what was started is stopped. */
const show = async ({ once, json }: DemoOptions, interrupted: Promise<unknown>, signal: AbortSignal): Promise<number> => {
  const log = usualTaskLog()
  // A first start may build programs for minutes and cannot be called back: an interruption does not wait for it.
  const stack = await Promise.race([
    startStack({ folder: stackFolder, log }),
    interrupted.then(() => Promise.reject(new Error('interrupted'))),
  ])
  try {
    const apps = await startApps(stack, { log, environment: demoEnvironment })
    try {
      signal.throwIfAborted()
      const results = await runScenario(stack, apps, { log, signal })
      const report = toReport(results, stack.pager.alerts())
      printTable(process.stderr, results, report)
      if (json) process.stdout.write(`${JSON.stringify(report, null, 2)}\n`)
      if (!once) {
        printAddresses(process.stderr, stack, apps)
        await Promise.race([interrupted, stack.broken.then((name) => Promise.reject(new Error(`${name} ended by itself`)))])
      }
      return results.every(isAsExpected) ? 0 : 1
    } finally {
      await apps.stop()
    }
  } finally {
    await stack.stop()
  }
}

const main = async (): Promise<number> => {
  const options = readDemoOptions(process.argv.slice(2))
  if (options.help) {
    process.stdout.write(demoHelp)
    return 0
  }
  watchLauncher()
  const stopping = new AbortController()
  const interrupted = waitForSignal().then(() => stopping.abort())
  try {
    return await show(options, interrupted, stopping.signal)
  } catch (error) {
    if (!stopping.signal.aborted) throw error
    process.stderr.write('Interrupted. Everything is stopped; the next start goes on from here.\n')
    return interruptedCode
  }
}

try {
  const code = await main()
  // The servers of an unfinished start end with this process.
  if (code === interruptedCode) process.exit(code)
  process.exitCode = code
} catch (error) {
  process.stderr.write(`hallpass: ${error instanceof Error ? error.message : String(error)}\n`)
  process.exitCode = 1
}
