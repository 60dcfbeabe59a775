/**
 * `npm test`: every check and every test, against one real stack. `npm test -- <arguments>` passes them to vitest and
 * runs only what they name. Closes with a line of counts; exits 0 only if nothing failed and something ran.
 */
import { spawn } from 'node:child_process'
import { mkdir, readFile, rm } from 'node:fs/promises'
import { runSteps, staticSteps } from './runSteps.ts'

const args = process.argv.slice(2)
const resultFile = '.stack/test-results.json'

/** Runs vitest in the foreground and answers its exit code. */
const runVitest = (): Promise<number> =>
  new Promise((resolve, reject) => {
    const reporters = [
      '--reporter=default',
      '--reporter=json',
      '--reporter=./test/support/secondAttempts.ts',
      `--outputFile.json=${resultFile}`,
    ]
    const vitest = spawn(process.execPath, ['node_modules/vitest/vitest.mjs', 'run', ...reporters, ...args], { stdio: 'inherit' })
    for (const signal of ['SIGINT', 'SIGTERM'] as const) process.on(signal, () => vitest.kill(signal))
    vitest.once('error', reject)
    vitest.once('close', (code) => resolve(code ?? 1))
  })

const readCounts = async (): Promise<{ passed: number; failed: number }> => {
  const result = JSON.parse(await readFile(resultFile, 'utf8')) as { numPassedTests: number; numFailedTests: number }
  return { passed: result.numPassedTests, failed: result.numFailedTests }
}

await mkdir('.stack', { recursive: true })
await rm(resultFile, { force: true })
const steps = args.length === 0 ? staticSteps : []
const failedSteps = await runSteps(steps)
const code = await runVitest()
const { passed, failed } = await readCounts().catch(() => ({ passed: 0, failed: 1 }))
// A file that does not load, or a search after the suite that finds something, fails the run without failing a test.
const failedOutside = code !== 0 && failed === 0 ? 1 : 0
console.log(`${steps.length - failedSteps + passed} passed, ${failedSteps + failed + failedOutside} failed`)
process.exitCode = code === 0 && failedSteps === 0 && passed > 0 ? 0 : 1
