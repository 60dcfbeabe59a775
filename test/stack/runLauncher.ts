/** Started by `orphans.test.ts` as a process of its own: a launcher that can be killed. argv: the stack's folder. */
import { startStack } from '../../stack/startStack.ts'
import { waitForSignal } from '../../stack/waitForSignal.ts'

const signalled = waitForSignal()
const stack = await startStack({ folder: process.argv[2] ?? '', log: 'silent' })
process.stdout.write('ready\n')
await signalled
await stack.stop()
