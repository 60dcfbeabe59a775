import { execFile } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { childEnvironment } from '../../stack/servers/childEnvironment.ts'
import type { Place } from './place.ts'

const command = fileURLToPath(new URL('../../deploy/districtMain.ts', import.meta.url))
const run = promisify(execFile)

/** `npm run district`, as staff types it. Answers what it prints with `--json`. @throws with its words when it refuses. */
export const runDistrictCommand = async ({ databases, keyFolder }: Place, args: readonly string[]): Promise<unknown> => {
  const env = childEnvironment({ DATABASE_URL_OWNER: databases.owner, DATABASE_URL_SWEEPER: databases.sweeper, KEY_FILE: keyFolder })
  const { stdout } = await run(process.execPath, [command, ...args, '--json'], { env })
  return JSON.parse(stdout)
}
