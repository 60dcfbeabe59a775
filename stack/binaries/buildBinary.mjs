import { spawn, spawnSync } from 'node:child_process'
import { cpSync, mkdirSync } from 'node:fs'
import { homedir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'

const howToGetGo = (name, pin) =>
  [
    `${name} ${pin.version} must be built, and there is no Go that can do it.`,
    '  mend: install Go 1.25 or newer (https://go.dev/dl/, or on Debian: sudo apt-get install golang-go if that is 1.21 or newer),',
    `        or put ${name} ${pin.version} on the PATH yourself: ${pin.downloads['linux-x64'].url}`,
  ].join('\n')

const tellEveryMs = 3_000

/** The end of what a failed program said. */
const lastLines = (said) => said.trimEnd().split('\n').slice(-12).join('\n  ')

/**
 * Builds `out/<name>` in `folder` from the modules that `modules/<name>/go.sum` pins.
 * @throws with what to type when Go is missing, and with the compiler's last words when it fails.
 */
export const buildBinary = async (name, pin, folder, tell) => {
  if (spawnSync('go', ['version']).status !== 0) throw new Error(howToGetGo(name, pin))
  cpSync(fileURLToPath(new URL(`./modules/${name}`, import.meta.url)), join(folder, 'module'), { recursive: true })
  mkdirSync(join(folder, 'out'))
  const args = [
    'build',
    '-v',
    '-mod=readonly',
    '-trimpath',
    '-buildvcs=false',
    '-ldflags',
    pin.ldflags,
    '-o',
    join(folder, 'out', name),
    pin.package,
  ]
  const env = { ...process.env, HOME: process.env.HOME || homedir(), GOFLAGS: '', GOWORK: 'off', CGO_ENABLED: '0' }
  tell(`building ${name} ${pin.version} with Go (a few minutes, once)`)
  await new Promise((resolve, reject) => {
    const building = spawn('go', args, { cwd: join(folder, 'module'), env, stdio: ['ignore', 'ignore', 'pipe'] })
    let said = ''
    let told = Date.now()
    building.stderr.on('data', (chunk) => {
      said += chunk
      if (Date.now() - told < tellEveryMs) return
      told = Date.now()
      const lines = said.split('\n')
      const fetched = lines.filter((line) => line.startsWith('go: downloading')).length
      tell(`building ${name} ${pin.version}: ${fetched} modules fetched, ${lines.length - 1 - fetched} packages compiled`)
    })
    building.once('error', reject)
    building.once('close', (code) =>
      code === 0 ? resolve() : reject(new Error(`Building ${name} failed (go ended with ${code}):\n  ${lastLines(said)}`)),
    )
    process.once('exit', () => building.kill('SIGKILL'))
  })
}
