import { readFileSync } from 'node:fs'
import { setTimeout as wait } from 'node:timers/promises'
import type { SupervisedProcess } from './processes/startSupervisor.ts'
import { StackProblem } from './stackProblem.ts'

const lastLines = (file: string): string => {
  try {
    return readFileSync(file, 'utf8').trimEnd().split('\n').slice(-8).join('\n    ')
  } catch {
    return ''
  }
}

/**
 * Resolves once `check` resolves true. A check that throws counts as "not yet".
 * @throws StackProblem with the end of the log when the process ends first or time runs out.
 */
export const waitUntilHealthy = async (options: {
  component: string
  process: SupervisedProcess
  check: () => Promise<boolean>
  mend: string
  timeoutMs?: number
}): Promise<void> => {
  const { component, process: started, check, timeoutMs = 60_000 } = options
  const deadline = Date.now() + timeoutMs
  let reason = ''
  while (Date.now() < deadline) {
    if (started.hasExited()) {
      const exit = await started.exited
      const cause = `ended at once (${exit.signal ?? `code ${exit.code}`}); the end of ${started.logFile}:\n    ${lastLines(started.logFile)}`
      throw new StackProblem({ component, cause, mend: options.mend })
    }
    try {
      if (await check()) return
    } catch (error) {
      reason = error instanceof Error ? error.message : String(error)
    }
    await wait(40)
  }
  const cause = `did not become healthy in ${timeoutMs / 1000} s (${reason}); the end of ${started.logFile}:\n    ${lastLines(started.logFile)}`
  throw new StackProblem({ component, cause, mend: options.mend })
}
