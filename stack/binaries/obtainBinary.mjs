/**
 * Puts one pinned program into the cache: `node stack/binaries/obtainBinary.mjs temporal`.
 * From the official download if it can be reached and its checksum is right, else built from the Go
 * module proxy, where go.sum pins every module. Plain JavaScript without packages, because it runs
 * while npm still installs them. Progress on standard error; exit code 0 when it is in the cache.
 */
import { existsSync, mkdirSync, mkdtempSync, readFileSync, readdirSync, renameSync, rmSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { holdLock } from '../../scripts/holdLock.mjs'
import { buildBinary } from './buildBinary.mjs'
import { cacheFolder, cachedBinary } from './cacheFolder.mjs'
import { downloadBinary } from './downloadBinary.mjs'

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

const name = process.argv[2]
const pin = versions[name]
if (!pin?.package) {
  tell(`Unknown program: ${name}`)
  process.exit(2)
}
// A signal must run the `finally` above; children share our process group and get it themselves.
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.once(signal, () => process.exit(130))
mkdirSync(cacheFolder(), { recursive: true })
try {
  // One lock for all programs: two Go builds at once would only fight for the same cores.
  await holdLock(join(cacheFolder(), 'obtaining.lock'), (pid) => tell(`waiting for process ${pid}, which is obtaining a program`), () => obtain(name, pin))
} catch (error) {
  tell(error.message)
  process.exit(1)
}
