import { execFileSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import { chmodSync, mkdirSync, renameSync, writeFileSync } from 'node:fs'
import { request } from 'node:https'
import { basename, join } from 'node:path'

const connectMs = 5_000
const idleMs = 20_000
const redirectsMax = 5

/** The body behind an https address. Refuses any other scheme, also after a redirect. */
const fetchBytes = (url, redirects = 0) =>
  new Promise((resolve, reject) => {
    if (new URL(url).protocol !== 'https:') throw new Error('not https')
    const asked = request(url, { headers: { 'user-agent': 'hallpass-stack' } })
    const connecting = setTimeout(() => asked.destroy(new Error(`no connection in ${connectMs / 1000} s`)), connectMs)
    asked.once('error', (error) => {
      clearTimeout(connecting)
      reject(error)
    })
    asked.setTimeout(idleMs, () => asked.destroy(new Error(`nothing received for ${idleMs / 1000} s`)))
    asked.once('response', (response) => {
      clearTimeout(connecting)
      const { statusCode = 0, headers } = response
      if (statusCode >= 300 && statusCode < 400 && headers.location && redirects < redirectsMax) {
        response.resume()
        resolve(fetchBytes(new URL(headers.location, url).href, redirects + 1))
        return
      }
      if (statusCode !== 200) {
        asked.destroy(new Error(`status ${statusCode}`))
        return
      }
      const chunks = []
      response.on('data', (chunk) => chunks.push(chunk))
      response.once('error', reject)
      response.once('end', () => (response.complete ? resolve(Buffer.concat(chunks)) : reject(new Error('cut short'))))
    })
    asked.end()
  })

/**
 * Tries the official archive of this platform. Answers whether `out/<name>` is there now; every
 * failure, a wrong checksum too, is told and answered with false, since the build comes next.
 */
export const downloadBinary = async (name, pin, folder, tell) => {
  const source = pin.downloads[`${process.platform}-${process.arch}`]
  if (!source) return false
  try {
    tell(`downloading ${name} ${pin.version} from ${new URL(source.url).host}`)
    const archive = await fetchBytes(source.url)
    const sha256 = createHash('sha256').update(archive).digest('hex')
    if (sha256 !== source.sha256) throw new Error(`its SHA-256 is ${sha256}, pinned is ${source.sha256}`)
    writeFileSync(join(folder, 'archive.tar.gz'), archive)
    execFileSync('tar', ['-xzf', 'archive.tar.gz', source.member], { cwd: folder, stdio: 'pipe' })
    mkdirSync(join(folder, 'out'))
    const program = join(folder, 'out', name)
    renameSync(join(folder, source.member), program)
    chmodSync(program, 0o755)
    return true
  } catch (error) {
    tell(`no download of ${basename(source.url)} (${error.message}); building it instead`)
    return false
  }
}
