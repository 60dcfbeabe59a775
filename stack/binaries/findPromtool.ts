import { join } from 'node:path'
import { StackProblem } from '../stackProblem.ts'
import versions from '../versions.json' with { type: 'json' }
import { findOnPath } from './findOnPath.mjs'
import { unpackDebian } from './unpackDebian.ts'

const pin = versions.promtool

/**
 * Prometheus' promtool, which checks metrics and tries alert rules: from the PATH, else unpacked from Debian's package into the cache, without
 * any rights.
 * @throws StackProblem that says what to type when it can be had nowhere.
 */
export const findPromtool = async (tell: (what: string) => void = () => undefined): Promise<string> => {
  const installed = await findOnPath('promtool', ['--version'], pin.versionPattern)
  if (installed) return installed
  try {
    return join(await unpackDebian('prometheus', pin.debianPackages, tell), 'usr', 'bin', 'promtool')
  } catch (error) {
    const cause = `not installed, and could not be downloaded (${error instanceof Error ? error.message.split('\n')[0] : String(error)})`
    throw new StackProblem({ component: 'promtool', cause, mend: 'sudo apt-get install prometheus' })
  }
}
