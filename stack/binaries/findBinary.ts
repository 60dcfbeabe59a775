import { spawn } from 'node:child_process'
import { existsSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { StackProblem } from '../stackProblem.ts'
import versions from '../versions.json' with { type: 'json' }
import { cachedBinary } from './cacheFolder.mjs'
import { findOnPath } from './findOnPath.mjs'

const obtain = (name: string, tell: (what: string) => void): Promise<void> =>
  new Promise((resolve, reject) => {
    const script = fileURLToPath(new URL('./obtainBinary.mjs', import.meta.url))
    const obtaining = spawn(process.execPath, [script, name], { stdio: ['ignore', 'ignore', 'pipe'] })
    let said = ''
    obtaining.stderr.on('data', (chunk: Buffer) => {
      said += chunk.toString()
      tell(chunk.toString().trimEnd().split('\n').at(-1) ?? '')
    })
    obtaining.once('error', reject)
    obtaining.once('close', (code) => (code === 0 ? resolve() : reject(new Error(said.trimEnd().split('\n').slice(-12).join('\n')))))
  })

/**
 * The pinned program: from the PATH if its version fits, else from the cache, where it is put first
 * if need be (see `obtainBinary.mjs`).
 * @throws StackProblem when it can be had nowhere.
 */
export const findBinary = async (name: 'temporal' | 'versitygw', tell: (what: string) => void): Promise<string> => {
  const pin = versions[name]
  const cached = cachedBinary(name, pin.version)
  const onPath = await findOnPath(name, pin.versionArguments, pin.versionPattern)
  if (onPath) return onPath
  if (!existsSync(cached)) {
    await obtain(name, tell).catch((error: Error) => {
      throw new StackProblem({
        component: name,
        cause: error.message,
        mend: `put ${name} ${pin.version} on the PATH, or mend the above and start again`,
      })
    })
  }
  return cached
}
