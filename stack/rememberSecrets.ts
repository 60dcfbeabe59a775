import { randomBytes } from 'node:crypto'
import { existsSync, readFileSync, renameSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'

/**
 * A generated secret (256 bits, base64url) for each name, the same at every start: the servers keep
 * their own copy in their data. Readable by the owner of `folder` only.
 */
export const rememberSecrets = <Name extends string>(folder: string, names: readonly Name[]): Record<Name, string> => {
  const file = join(folder, 'secrets.json')
  const known = existsSync(file) ? (JSON.parse(readFileSync(file, 'utf8')) as Record<string, string>) : {}
  for (const name of names) known[name] ??= randomBytes(32).toString('base64url')
  writeFileSync(`${file}.new`, JSON.stringify(known), { mode: 0o600 })
  renameSync(`${file}.new`, file)
  return Object.fromEntries(names.map((name) => [name, known[name] ?? ''])) as Record<Name, string>
}
