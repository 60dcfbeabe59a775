import { execFile } from 'node:child_process'
import { existsSync, mkdirSync, mkdtempSync, readFileSync, readdirSync, renameSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { holdLock } from '../../scripts/holdLock.mjs'
import { cacheFolder } from './cacheFolder.mjs'

const run = promisify(execFile)
const timeout = 180_000

const releaseName = (): string => /^VERSION_CODENAME=(.*)$/m.exec(readFileSync('/etc/os-release', 'utf8'))?.[1] ?? 'unknown'

/** Package lists of our own: an ordinary user may not fill the system's, which are empty on a bare machine. */
const ownLists = (): string[] => {
  const folder = join(cacheFolder(), 'apt')
  mkdirSync(join(folder, 'lists', 'partial'), { recursive: true })
  mkdirSync(join(folder, 'archives', 'partial'), { recursive: true })
  return ['-o', `Dir::State::Lists=${folder}/lists`, '-o', `Dir::Cache=${folder}`, '-o', 'Debug::NoLocking=1', '-o', 'APT::Sandbox::User=']
}

/** The libraries that installing these packages would bring along, but for what only compilers read; asking needs no rights. */
const missingLibraries = async (apt: (...args: string[]) => Promise<{ stdout: string }>, packages: string[]): Promise<string[]> => {
  const { stdout } = await apt('install', '--simulate', '--no-install-recommends', ...packages)
  return [...stdout.matchAll(/^Inst (lib\S+)/gm)].map((match) => match[1] ?? '').filter((name) => !name.endsWith('-dev'))
}

const download = async (packages: string[], folder: string, tell: (what: string) => void): Promise<void> => {
  const aptWith =
    (options: string[]) =>
    (...args: string[]) =>
      run('apt-get', [...options, ...args], { cwd: folder, timeout, env: { ...process.env, LC_ALL: 'C' } })
  const downloadWith = async (apt: ReturnType<typeof aptWith>): Promise<void> => {
    await apt('download', ...new Set([...packages, ...(await missingLibraries(apt, packages))]))
  }
  try {
    await downloadWith(aptWith([]))
  } catch {
    tell('fetching package lists')
    const apt = aptWith(ownLists())
    await apt('update')
    await downloadWith(apt)
  }
}

/**
 * The root folder into which these Debian packages were unpacked, in the cache; needs no rights
 * beyond an ordinary user's. apt verifies what it downloads against the archive's signature.
 * @throws when apt is missing or cannot reach its archive.
 */
export const unpackDebian = async (name: string, packages: string[], tell: (what: string) => void): Promise<string> => {
  const target = join(cacheFolder(), `${name}-${releaseName()}`)
  mkdirSync(cacheFolder(), { recursive: true })
  if (existsSync(target)) return target
  await holdLock(
    join(cacheFolder(), `${name}.lock`),
    (pid) => tell(`waiting for process ${pid}`),
    async () => {
      if (existsSync(target)) return
      const partial = mkdtempSync(join(cacheFolder(), `.debian-${name}-`))
      try {
        tell(`downloading ${packages.join(', ')}`)
        await download(packages, partial, tell)
        for (const file of readdirSync(partial).filter((entry) => entry.endsWith('.deb'))) {
          await run('dpkg', ['-x', join(partial, file), join(partial, 'root')], { timeout })
        }
        renameSync(join(partial, 'root'), target)
      } finally {
        rmSync(partial, { recursive: true, force: true })
      }
    },
  )
  return target
}
