/** `npm run check`: everything that needs no server, in under a minute. */
import { runSteps, staticSteps, unitTestStep } from './runSteps.ts'

const steps = [...staticSteps, unitTestStep]
const failed = await runSteps(steps)
console.log(`${steps.length - failed} passed, ${failed} failed`)
process.exitCode = failed === 0 ? 0 : 1
