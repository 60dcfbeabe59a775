import { spawn } from 'node:child_process'
import { existsSync } from 'node:fs'
import { buffer } from 'node:stream/consumers'

/** Ways in which text is still readable in a file: as it is, as hex (a `bytea` in a dump), and as base64 at each of its three alignments. */
export const toReadableForms = (token: string): string[] => {
  const bytes = Buffer.from(token)
  // The first and last characters of a base64 run depend on the neighbours; what lies between does not.
  const base64 = [0, 1, 2].map((shift) =>
    Buffer.concat([Buffer.alloc(shift), bytes])
      .toString('base64')
      .replaceAll('=', '')
      .slice(shift === 0 ? 0 : shift + 1, -2),
  )
  return [token, bytes.toString('hex'), bytes.toString('hex').toUpperCase(), ...base64]
}

/**
 * Every file under `folders` in which `token` is readable, databases' own files and their logs included.
 * @throws when a file could not be read: what was not searched has not passed.
 */
export const findInFiles = async (folders: string[], token: string, excludedFolders: string[] = []): Promise<string[]> => {
  for (const folder of folders) if (!existsSync(folder)) throw new Error(`not searched: ${folder} does not exist`)
  const patterns = toReadableForms(token).flatMap((form) => ['-e', form])
  const excluded = excludedFolders.map((name) => `--exclude-dir=${name}`)
  const grep = spawn(
    'grep',
    ['--recursive', '--text', '--fixed-strings', '--files-with-matches', ...excluded, ...patterns, '--', ...folders],
    {
      stdio: ['ignore', 'pipe', 'pipe'],
      env: { ...process.env, LC_ALL: 'C' },
    },
  )
  const [code, found, complaints] = await Promise.all([
    new Promise<number | null>((resolve, reject) => grep.once('error', reject).once('close', resolve)),
    buffer(grep.stdout),
    buffer(grep.stderr),
  ])
  // A running database removes files while they are listed; any other complaint means that a file was not searched.
  const missed = complaints
    .toString()
    .split('\n')
    .filter((line) => line !== '' && !line.includes('No such file or directory'))
  if (missed.length > 0 || (code !== 0 && code !== 1 && complaints.length === 0))
    throw new Error(`not searched: ${missed.join('; ')} (grep exited with ${code})`)
  return found
    .toString()
    .split('\n')
    .filter((line) => line !== '')
}
