import { spawn, spawnSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import { existsSync, lstatSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { setTimeout as wait } from 'node:timers/promises'
import { holdLock } from './holdLock.mjs'
import { identify, isAlive } from './identify.mjs'

const tell = (line) => process.stderr.write(`${line}\n`)
const readJson = (file) => {
  try {
    return JSON.parse(readFileSync(file, 'utf8'))
  } catch {
    return null
  }
}

/** npm writes its hidden lock file last of all, so one that agrees with ours means an install that was finished, by us or by hand. */
const agreesWithHiddenLock = (root) => {
  const wanted = readJson(join(root, 'package-lock.json'))?.packages ?? {}
  const installed = readJson(join(root, 'node_modules', '.package-lock.json'))?.packages
  if (!installed) return false
  return Object.entries(wanted).every(([path, entry]) => {
    if (path === '' || entry.link) return true
    const there = installed[path]
    return there ? there.version === entry.version : Boolean(entry.optional || entry.peer)
  })
}

const isLink = (path) => lstatSync(path, { throwIfNoEntry: false })?.isSymbolicLink() === true

const bringsNode24 = (root) => {
  const node = join(root, 'node_modules', '.bin', 'node')
  return existsSync(node) && spawnSync(node, ['--version'], { encoding: 'utf8' }).stdout?.startsWith('v24.') === true
}

const lockHash = (root) =>
  createHash('sha256')
    .update(readFileSync(join(root, 'package-lock.json')))
    .digest('hex')

/** Whether the packages of the lock file are installed, completely. `npm ci` removes the stamp first and we write it last. */
export const hasPackages = (root) => {
  const stamp = join(root, 'node_modules', '.hallpass-packages')
  const isStamped = existsSync(stamp) && readFileSync(stamp, 'utf8') === lockHash(root)
  return (isStamped || agreesWithHiddenLock(root)) && bringsNode24(root)
}

const killGroup = (pid) => {
  try {
    process.kill(-pid, 'SIGKILL')
  } catch {
    // It has ended.
  }
}

/** An npm whose starter was killed goes on by itself, and two in one folder spoil each other's work. */
const endLeftNpm = async (file) => {
  const left = readJson(file)
  if (!left || !isAlive(left)) return
  killGroup(left.pid)
  while (isAlive(left)) await wait(100)
}

const runNpmCi = async (root, signal) => {
  const file = join(root, '.stack', 'npm.json')
  mkdirSync(dirname(file), { recursive: true })
  await endLeftNpm(file)
  signal.throwIfAborted()
  const [command, args] = process.env.npm_execpath ? [process.execPath, [process.env.npm_execpath]] : ['npm', []]
  // npm's own summary goes to standard output, which belongs to the command that was asked for. A group of its own, because
  // npm answers a polite signal by undoing its work for as long as it takes, while we start from nothing anyway.
  const options = { cwd: root, stdio: ['ignore', process.stderr, process.stderr], detached: true }
  const installing = spawn(command, [...args, 'ci', '--no-audit', '--no-fund', '--loglevel=error'], options)
  const end = () => killGroup(installing.pid)
  signal.addEventListener('abort', end)
  process.once('exit', end)
  try {
    await new Promise((resolve, reject) => {
      installing.once('spawn', () => writeFileSync(file, JSON.stringify(identify(installing.pid))))
      installing.once('error', reject)
      installing.once('close', (code, by) => (code === 0 ? resolve() : reject(new Error(`npm ci ended with ${by ?? `code ${code}`}`))))
    })
  } finally {
    process.removeListener('exit', end)
    signal.removeEventListener('abort', end)
    rmSync(file, { force: true })
  }
}

const onWait = (pid) => tell(`hallpass: waiting for process ${pid}, which is installing the packages`)

/**
 * Makes sure that exactly the packages of `package-lock.json` are installed; redoes what was
 * interrupted; two commands at once install once. `signal` ends npm.
 * @throws with what to type when npm fails.
 */
export const installPackages = async (root, signal) => {
  if (hasPackages(root)) return
  await holdLock(join(root, '.stack', 'install.lock'), onWait, async () => {
    if (hasPackages(root)) return
    if (isLink(join(root, 'node_modules'))) {
      throw new Error(
        'The packages have to be installed, but node_modules is a link: npm would empty the folder behind it, under whoever works there.\n  mend: install where it points to, or remove the link',
      )
    }
    tell('hallpass: installing the packages (npm ci, about 20 s, once)')
    await runNpmCi(root, signal).catch((error) => {
      throw new Error(
        `The packages could not be installed: ${error.message}.\n  mend: see npm's words above; check that the npm registry can be reached, then type the command again`,
      )
    })
    if (!bringsNode24(root)) {
      throw new Error(
        'The packages are there, but Node 24 is not among them.\n  mend: npm must be allowed to run install scripts: npm config delete ignore-scripts',
      )
    }
    writeFileSync(join(root, 'node_modules', '.hallpass-packages'), lockHash(root))
  })
}
