import { execFile } from 'node:child_process'
import { existsSync, readdirSync } from 'node:fs'
import { join } from 'node:path'
import { promisify } from 'node:util'
import type { ClamdBinary } from '../servers/clamd.ts'
import { StackProblem } from '../stackProblem.ts'
import versions from '../versions.json' with { type: 'json' }
import { findOnPath } from './findOnPath.mjs'
import { unpackDebian } from './unpackDebian.ts'

const run = promisify(execFile)
const pin = versions.clamd

/** Debian's profile lets /usr/sbin/clamd read its own folders only, so with AppArmor on, it cannot read ours. */
const isConfined = (): boolean => existsSync('/sys/kernel/security/apparmor/profiles') && existsSync('/etc/apparmor.d/usr.sbin.clamd')

const findInstalled = (): Promise<string | null> => findOnPath('clamd', ['--version'], pin.versionPattern)

/** Installs with apt where that needs no password. Answers whether it did. */
const installWithApt = async (tell: (what: string) => void): Promise<boolean> => {
  const isRoot = process.getuid?.() === 0
  const sudo = isRoot ? [] : ['sudo', '-n']
  const apt = (...args: string[]) => {
    const [command = '', ...rest] = [...sudo, 'env', 'DEBIAN_FRONTEND=noninteractive', 'apt-get', '-o', 'DPkg::Lock::Timeout=120', ...args]
    return run(command, rest, { timeout: 300_000 })
  }
  try {
    if (!isRoot) await run('sudo', ['-n', 'true'], { timeout: 5_000 })
    const install = ['install', '-y', '--no-install-recommends', 'clamav-daemon']
    tell('installing clamav-daemon with apt')
    await apt(...install).catch(async () => {
      await apt('update')
      await apt(...install)
    })
    return true
  } catch {
    return false
  }
}

const unpack = async (tell: (what: string) => void): Promise<ClamdBinary> => {
  const root = await unpackDebian('clamd', pin.debianPackages, tell)
  // Debian keeps libraries in a folder per architecture, some below /lib and some below /usr/lib.
  const parents = ['lib', 'usr/lib'].map((parent) => join(root, parent)).filter(existsSync)
  const libraryFolders = parents.flatMap((parent) => readdirSync(parent).map((entry) => join(parent, entry)))
  return { command: join(root, 'usr', 'sbin', 'clamd'), libraryFolders }
}

const isApple = process.platform === 'darwin'
const mend = isApple
  ? 'brew install clamav'
  : 'sudo apt-get install clamav-daemon (Debian, Ubuntu), sudo dnf install clamd (Fedora), sudo apk add clamav-daemon (Alpine)'

/**
 * clamd: from the PATH, else installed with apt where that needs no password, else unpacked into the
 * cache without any rights.
 * @throws StackProblem that says what to type on this system.
 */
export const findClamd = async (tell: (what: string) => void): Promise<ClamdBinary> => {
  if (!isConfined()) {
    const installed = await findInstalled()
    if (installed) return { command: installed, libraryFolders: [] }
    if (await installWithApt(tell)) {
      const fresh = await findInstalled()
      if (fresh) return { command: fresh, libraryFolders: [] }
    }
  }
  return unpack(tell).catch((error: Error) => {
    throw new StackProblem({
      component: 'clamd',
      cause: `not installed, and could not be downloaded (${error.message.split('\n')[0]})`,
      mend,
    })
  })
}
