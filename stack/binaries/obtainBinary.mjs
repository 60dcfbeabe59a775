/**
 * Puts pinned programs into the cache that are not on the PATH, one after another:
 * `node stack/binaries/obtainBinary.mjs temporal versitygw`.
 * From the official download if it can be reached and its checksum is right, else built from the Go
 * module proxy, where go.sum pins every module. Plain JavaScript without packages, because it runs
 * while npm still installs them. Progress on standard error; exit code 0 when all are there.
 */
import { existsSync, mkdirSync, mkdtempSync, readFileSync, readdirSync, renameSync, rmSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { holdLock } from '../../scripts/holdLock.mjs'
import { buildBinary } from './buildBinary.mjs'
import { cacheFolder, cachedBinary } from './cacheFolder.mjs'
import { downloadBinary } from './downloadBinary.mjs'
import { findOnPath } from './findOnPath.mjs'

const versions = JSON.parse(readFileSync(new URL('../versions.json', import.meta.url), 'utf8'))

const tell = (line) => process.stderr.write(`${line}\n`)

const obtain = async (name, pin) => {
  const target = cachedBinary(name, pin.version)
  if (existsSync(target)) return
  for (const left of readdirSync(cacheFolder()).filter((entry) => entry.startsWith('.partial-'))) {
    rmSync(join(cacheFolder(), left), { recursive: true, force: true })
  }
  const partial = mkdtempSync(join(cacheFolder(), `.partial-${name}-`))
  try {
    const isDownloaded = await downloadBinary(name, pin, partial, tell)
    if (!isDownloaded) await buildBinary(name, pin, partial, tell)
    rmSync(dirname(target), { recursive: true, force: true })
    renameSync(join(partial, 'out'), dirname(target))
  } finally {
    rmSync(partial, { recursive: true, force: true })
  }
}

const names = process.argv.slice(2)
const unknown = names.find((name) => !versions[name]?.package)
if (names.length === 0 || unknown) {
  tell(`Name programs of stack/versions.json that can be built${unknown ? `, unlike ${unknown}` : ''}`)
  process.exit(2)
}
// An exit runs no `finally`: what a signal leaves is cleared under the lock by the next who obtains something.
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.once(signal, () => process.exit(130))
mkdirSync(cacheFolder(), { recursive: true })
const onWait = (pid) => tell(`waiting for process ${pid}, which is obtaining a program`)
try {
  for (const name of names) {
    const pin = versions[name]
    if (existsSync(cachedBinary(name, pin.version)) || (await findOnPath(name, pin.versionArguments, pin.versionPattern))) continue
    // One lock for all programs: two Go builds at once would only fight for the same cores.
    await holdLock(join(cacheFolder(), 'obtaining.lock'), onWait, () => obtain(name, pin))
  }
} catch (error) {
  tell(error.message)
  process.exit(1)
}
