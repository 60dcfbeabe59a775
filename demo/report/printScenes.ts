import type { Writable } from 'node:stream'
import { isCheckMet, type Check, type Scene } from '../scenes/scene.ts'

const toLine = (check: Check): string => {
  const seen = isCheckMet(check) ? check.seen : `${check.seen}, NOT ${check.expected}`
  return `  ${isCheckMet(check) ? '✓' : '✗'} ${`${Math.round(check.ms)} ms`.padStart(8)}  ${check.what}: ${seen}`
}

/** A paragraph for each scene: what was done and seen, how long each took, and where more is to be seen. */
export const printScenes = (stream: Writable, scenes: readonly Scene[]): void => {
  for (const { title, checks, notes } of scenes)
    stream.write(`\n${title}\n${[...checks.map(toLine), ...notes.map((note) => `  ${note}`)].join('\n')}\n`)
}
