import { toLoggableFault } from '../domain/toLoggableFault.ts'

/**
 * A fault that nobody catches ends the process with 1, and is told in one line of JSON without its words: Node's own report would print them, and a driver's words may quote what
 * somebody wrote.
 */
export const endOnUncaught = (component: 'api' | 'worker'): void => {
  process.on('uncaughtException', (error) => {
    process.stderr.write(`${JSON.stringify({ level: 'fatal', component, fault: toLoggableFault(error), msg: 'ended by a fault' })}\n`)
    process.exit(1)
  })
}
