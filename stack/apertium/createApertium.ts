import { readdirSync } from 'node:fs'
import { join } from 'node:path'
import type { ApertiumFiles } from '../binaries/findApertium.ts'
import { createPipelinePool, type PipelinePool } from './createPipelinePool.ts'
import { findModes } from './modes.ts'
import { openPipeline } from './openPipeline.ts'

export type Apertium = {
  /** Null when there is no way between the two languages. @throws PoolBusy; and when its programs fail. */
  translate(text: string, source: string, target: string): Promise<string | null>
  close(): void
}

const pipelinesPerMode = 2
/** What is left of a line when its edges are set aside, which the programs would move or drop. */
const edges = /^(\s*)(.*?)(\s*)$/su
const hasLetters = /\p{Letter}/u

/** Apertium as a translator of whole texts: line breaks, edges of lines and lines without a letter are not its business and stay as they are. */
export const createApertium = (files: ApertiumFiles): Apertium => {
  const entries = readdirSync(join(files.root, '/usr/share/apertium/modes'))
  const installed = new Set(entries.filter((name) => name.endsWith('.mode')).map((name) => name.slice(0, -'.mode'.length)))
  const pools = new Map<string, PipelinePool>()
  const poolOf = (mode: string): PipelinePool => {
    const pool = pools.get(mode) ?? createPipelinePool(() => openPipeline(files, mode), pipelinesPerMode)
    pools.set(mode, pool)
    return pool
  }
  const translateLine = async (line: string, modes: string[]): Promise<string> => {
    const [, before = '', words = '', after = ''] = edges.exec(line) ?? []
    if (!hasLetters.test(words)) return line
    let made = words
    for (const mode of modes) made = await poolOf(mode).translate(made)
    return `${before}${made.trim()}${after}`
  }
  return {
    translate: async (text, source, target) => {
      const modes = findModes(source, target, installed)
      if (modes === null) return null
      // No text of a person holds a zero byte, which would end a line in the middle.
      const parts = text.replaceAll('\0', ' ').split(/(\r\n|[\n\r\u2028\u2029])/u)
      const made = await Promise.all(parts.map((part) => translateLine(part, modes)))
      return made.join('')
    },
    close: () => {
      for (const pool of pools.values()) pool.close()
    },
  }
}
