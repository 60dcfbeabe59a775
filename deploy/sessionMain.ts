/** `npm run session`: mints a session for a person of the stack that runs in this folder. */
import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { parseArgs } from 'node:util'
import { z } from 'zod'
import { isLoopbackEndpoint } from '../domain/residency.ts'
import { findStaffName } from '../clients/findStaffName.ts'
import { openSession } from './openSession.ts'

const help = `npm run session -- --user <id or SIS id> [--district <id>] [--hours <n>] [--reason <why>] [--json]

Mints a session and prints its token, to be sent as "Authorization: Bearer <token>". Reads the database's
address from DATABASE_URL_APP, or else from .stack/stack.json, which "npm run stack" writes. Without --district
it is the sample district. The act is written to the audit log with who and why. Unless the database is on this
machine --reason is required and a session lives for at most 12 hours.
`

const stackFile = join(fileURLToPath(new URL('..', import.meta.url)), '.stack', 'stack.json')
const running = z.object({
  postgres: z.object({ urls: z.object({ app: z.string() }) }),
  district: z.object({ id: z.uuid().toLowerCase() }),
})

const findRunning = (): z.infer<typeof running> | null =>
  existsSync(stackFile) ? running.parse(JSON.parse(readFileSync(stackFile, 'utf8'))) : null

/** The line to print, or the reason why there is none. */
const main = async (): Promise<{ line: string } | { refused: string }> => {
  const { values } = parseArgs({
    options: {
      user: { type: 'string' },
      district: { type: 'string' },
      hours: { type: 'string', default: '12' },
      reason: { type: 'string' },
      json: { type: 'boolean', default: false },
      help: { type: 'boolean', default: false },
    },
  })
  if (values.help) return { line: help }
  const stack = findRunning()
  const databaseUrl = process.env['DATABASE_URL_APP'] ?? stack?.postgres.urls.app
  const districtId = values.district ?? stack?.district.id
  if (!values.user) return { refused: `--user must be the id or the SIS id of a person\n\n${help}` }
  if (!databaseUrl || !districtId)
    return { refused: 'No stack runs in this folder.\n  mend: npm run stack, or set DATABASE_URL_APP and name --district' }
  const hours = Number(values.hours)
  const isLocal = isLoopbackEndpoint(databaseUrl)
  const hoursMax = isLocal ? 720 : 12
  if (!(hours > 0 && hours <= hoursMax)) return { refused: `--hours must be more than 0 and at most ${hoursMax}` }
  const reason = (values.reason ?? (isLocal ? 'local stack' : '')).trim()
  if (reason === '' || reason.length > 500)
    return { refused: '--reason must say why, in at most 500 characters: it stands in the audit log' }
  const request = { databaseUrl, districtId, user: values.user, lifeSeconds: Math.round(hours * 3_600), staff: findStaffName(), reason }
  const session = await openSession(request)
  if (!session) return { refused: 'There is no such active person in that district' }
  return { line: values.json ? `${JSON.stringify(session)}\n` : `${session.token}\n` }
}

try {
  const result = await main()
  if ('line' in result) process.stdout.write(result.line)
  else {
    process.stderr.write(`hallpass: ${result.refused}\n`)
    process.exitCode = 1
  }
} catch (error) {
  process.stderr.write(`hallpass: ${error instanceof Error ? error.message : String(error)}\n`)
  process.exitCode = 1
}
