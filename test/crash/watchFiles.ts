import files from 'node:fs/promises'
import { syncBuiltinESMExports } from 'node:module'
import type { EffectWatch } from './effectWatch.ts'

type Act = (...input: unknown[]) => Promise<unknown>

/** What makes, names or removes something on disk. What is written into a file without a name is gone with the process. */
const effects = ['open', 'mkdtemp', 'mkdir', 'unlink', 'rm', 'rename', 'writeFile'] as const

/** Opening to read changes nothing. */
const isReading = (name: string, [, flags]: unknown[]): boolean => name === 'open' && (flags === undefined || flags === 'r')

/** Watches what is done to temporary files, by whoever imports the functions of `node:fs/promises`. For a process of its own. */
export const watchFiles = (watch: EffectWatch): void => {
  for (const name of effects) {
    const act = files[name] as Act
    const watched: Act = (...input) => (isReading(name, input) ? act(...input) : watch.around(`file.${name}`, () => act(...input)))
    Object.assign(files, { [name]: watched })
  }
  syncBuiltinESMExports()
}
