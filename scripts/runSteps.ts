/**
 * The checks that need no server, and how a list of them is run. Every step runs, whatever the ones before
 * it said, so that one run shows all there is to mend.
 */
import { spawn } from 'node:child_process'

export type CheckStep = { title: string; command: string[]; mend: string }

export const staticSteps: CheckStep[] = [
  { title: 'format', command: ['oxfmt', '--check', '.'], mend: 'npx oxfmt .' },
  {
    title: 'lint',
    command: ['oxlint', '--type-aware', '--deny-warnings', '--ignore-pattern', 'test/boundaries/planted/**'],
    mend: 'npx oxlint --type-aware --fix',
  },
  { title: 'types', command: ['tsc', '--noEmit', '-p', '.'], mend: 'mend the types named above' },
  { title: 'lint catches a floating promise', command: ['node', 'scripts/checkLintSees.ts'], mend: 'see .oxlintrc.json' },
  { title: 'import boundaries', command: ['node', 'scripts/checkBoundaries.ts'], mend: 'see ARCHITECTURE.md, the map' },
  { title: 'dead code', command: ['knip', '--no-progress'], mend: 'delete what is named above' },
  { title: 'OpenAPI drift', command: ['node', 'scripts/writeOpenapi.ts', '--check'], mend: 'npm run openapi' },
]

export const unitTestStep: CheckStep = {
  title: 'unit tests',
  command: ['vitest', 'run', '--project', 'unit', '--reporter', 'dot'],
  mend: 'npx vitest --project unit',
}

/** Answers the step's output, or null when it passed. */
const run = (command: string[]): Promise<string | null> =>
  new Promise((resolve, reject) => {
    const [program = '', ...args] = command
    const child = spawn(program, args, { stdio: ['ignore', 'pipe', 'pipe'] })
    const output: Buffer[] = []
    child.stdout.on('data', (chunk: Buffer) => output.push(chunk))
    child.stderr.on('data', (chunk: Buffer) => output.push(chunk))
    child.once('error', reject)
    child.once('close', (code) => resolve(code === 0 ? null : Buffer.concat(output).toString()))
  })

/** Runs the steps in turn, telling each one's time and, when it failed, what it printed. Answers how many failed. */
export const runSteps = async (steps: CheckStep[]): Promise<number> => {
  let failed = 0
  for (const step of steps) {
    const startedAt = performance.now()
    const output = await run(step.command)
    const seconds = ((performance.now() - startedAt) / 1000).toFixed(1)
    console.log(`${output === null ? '✔' : '✘'} ${step.title} (${seconds} s)`)
    if (output === null) continue
    failed += 1
    console.log(`${output.trimEnd()}\n  mend: ${step.mend}\n`)
  }
  return failed
}
