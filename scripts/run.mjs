/**
 * `node scripts/run.mjs <command> [arguments]`: what every `npm run …` calls. Works in a fresh clone
 * under any Node from 20: installs the packages if need be, which bring Node 24, and runs the
 * command under it. Plain JavaScript without packages, since there are none at first.
 */
import { spawn } from 'node:child_process'
import { constants } from 'node:os'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { hasPackages, installPackages } from './installPackages.mjs'
import { parentOf } from './parentOf.mjs'

const commands = {
  demo: { main: ['demo/demoMain.ts'], needsStack: true },
  stack: { main: ['stack/stackMain.ts'], needsStack: true },
  dev: { main: ['stack/stackMain.ts', '--reload'], needsStack: true },
  test: { main: ['scripts/test.ts'], needsStack: true },
  session: { main: ['deploy/sessionMain.ts'] },
  deployment: { main: ['deploy/deploymentMain.ts'] },
  'deploy:check': { main: ['deploy/deployCheckMain.ts'] },
  district: { main: ['deploy/districtMain.ts'] },
  roster: { main: ['deploy/rosterMain.ts'] },
  oncall: { main: ['oncall/oncallMain.ts'] },
  'audit:verify': { main: ['scripts/auditVerifyMain.ts'] },
  'district-keys': { main: ['scripts/districtKeysMain.ts'] },
  'payload-keys': { main: ['scripts/payloadKeys.ts'] },
  bench: { main: ['bench/benchMain.ts'], needsStack: true },
  check: { main: ['scripts/check.ts'] },
  histories: { main: ['scripts/saveHistories.ts'], needsStack: true },
  'crash-points': { main: ['scripts/crashPoints.ts'], needsStack: true },
  outages: { main: ['scripts/outages.ts'], needsStack: true },
  openapi: { main: ['scripts/writeOpenapi.ts'] },
}

const root = dirname(dirname(fileURLToPath(import.meta.url)))
const fail = (message) => {
  process.stderr.write(`hallpass: ${message}\n`)
  process.exit(1)
}

const [name = '', ...args] = process.argv.slice(2)
const command = commands[name]
if (!command) fail(`no such command: ${name || '(none)'}. There are: ${Object.keys(commands).join(', ')}`)
if (Number(process.versions.node.split('.')[0]) < 20) fail(`Node ${process.versions.node} is too old.\n  mend: install Node 20 or newer`)

const running = new Set()
const start = (program, programArgs, options) => {
  const started = spawn(program, programArgs, { cwd: root, ...options })
  running.add(started)
  started.once('close', () => running.delete(started))
  return started
}
const signalAll = (signal) => running.forEach((one) => one.kill(signal))
process.on('exit', () => signalAll('SIGTERM'))

let interrupted = null
let hasStarted = false
const interruption = new AbortController()
const exitAsInterrupted = () => process.exit(128 + constants.signals[interrupted])
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) {
  process.on(signal, () => {
    interrupted = signal
    interruption.abort()
    // Before the command itself runs nobody answers a signal for us, such as while we wait for a lock.
    if (!hasStarted) setTimeout(exitAsInterrupted, 2_000)
    // In a terminal Ctrl-C has reached the children already; a second one would read as "at once!".
    if (signal !== 'SIGINT' || !process.stdin.isTTY) signalAll(signal)
  })
}

// npm, and the shell that it puts between, cannot pass on their own death by SIGKILL: then nobody waits for us any more.
const npm = process.env.npm_lifecycle_event ? parentOf(process.ppid) : null
const parent = process.ppid
if (npm !== null) {
  setInterval(() => {
    if (process.ppid === parent && parentOf(parent) === npm) return
    signalAll('SIGTERM')
    setTimeout(() => process.exit(1), 5_000).unref()
  }, 1_000).unref()
}

if (!hasPackages(root)) {
  // The programs of the stack come from elsewhere than the packages, so they are obtained at the same time; the stack waits for both.
  if (command.needsStack)
    start(process.execPath, [join(root, 'stack/binaries/obtainBinary.mjs'), 'temporal', 'versitygw'], { stdio: ['ignore', 2, 2] })
  await installPackages(root, interruption.signal).catch((error) => (interrupted ? exitAsInterrupted() : fail(error.message)))
}
if (interrupted) exitAsInterrupted()

const env = { ...process.env, HALLPASS_LAUNCHER: String(process.pid) }
const [main, ...mainArgs] = command.main
hasStarted = true
const started = start(join(root, 'node_modules', '.bin', 'node'), [join(root, main), ...mainArgs, ...args], { stdio: 'inherit', env })
started.once('error', (error) => fail(error.message))
started.once('close', (code, signal) => process.exit(code ?? 128 + constants.signals[signal]))
