/** `npm run oncall`: what an on-call responder looks and mends with, past the API and the worker. */
import { runOncall } from './runOncall.ts'

const interruption = new AbortController()
// The first Ctrl-C lets the act under way end and sums up; the second ends at once.
process.once('SIGINT', () => interruption.abort())

const { exitCode, stdout, stderr } = await runOncall(process.argv.slice(2), process.env, interruption.signal)
process.stdout.write(stdout)
process.stderr.write(stderr)
process.exitCode = exitCode
