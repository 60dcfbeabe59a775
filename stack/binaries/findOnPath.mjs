import { execFile } from 'node:child_process'
import { existsSync } from 'node:fs'
import { delimiter, join } from 'node:path'
import { promisify } from 'node:util'

const run = promisify(execFile)

/** Folders of programs where an ordinary user's PATH often does not look. */
const alsoLookIn = ['/usr/local/sbin', '/usr/sbin']

/** The first program of this name whose version fits; null when there is none. */
export const findOnPath = async (name, versionArguments, versionPattern) => {
  const folders = [...(process.env.PATH ?? '').split(delimiter), ...alsoLookIn].filter(Boolean)
  for (const folder of new Set(folders)) {
    const command = join(folder, name)
    if (!existsSync(command)) continue
    const said = await run(command, versionArguments, { timeout: 10_000 }).catch(() => null)
    if (said && new RegExp(versionPattern, 'm').test(said.stdout)) return command
  }
  return null
}
