import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { StackProblem } from '../stackProblem.ts'
import versions from '../versions.json' with { type: 'json' }
import { unpackDebian } from './unpackDebian.ts'

const installed = '/usr/share/clamav-testfiles'

/**
 * The folder of Debian's `clamav-testfiles`: one harmless program in some fifty wrappings that every
 * scanner with the right signature must find.
 * @throws StackProblem when they are not installed and cannot be downloaded.
 */
export const findClamavTestfiles = async (tell: (what: string) => void = () => undefined): Promise<string> => {
  if (existsSync(installed)) return installed
  try {
    return join(await unpackDebian('clamav-testfiles', versions.clamavTestfiles.debianPackages, tell), installed)
  } catch (error) {
    const cause = `not installed, and could not be downloaded (${error instanceof Error ? error.message.split('\n')[0] : String(error)})`
    throw new StackProblem({ component: 'clamav-testfiles', cause, mend: 'sudo apt-get install clamav-testfiles' })
  }
}
