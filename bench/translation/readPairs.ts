import { readdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { z } from 'zod'
import { findProtected } from '../../domain/translation/findProtected.ts'
import { toTranslationLanguage } from '../../domain/translation/languages.ts'
import type { Sample } from './makeSentences.ts'

const language = z.string().transform((tag, context) => {
  const code = toTranslationLanguage(tag)
  if (code === null) context.addIssue({ code: 'custom', message: 'a language of the provider' })
  return code ?? ''
})
const pair = z.object({
  source: language,
  target: language,
  text: z.string().min(1),
  names: z.array(z.string().min(1)).default([]),
  sections: z.array(z.string().min(1)).default([]),
})

/**
 * Every `.jsonl` of a folder: an object a line with `source`, `target` and `text`, and where known `names` and `sections`; a translation that stands beside them is not looked at. What is in
 * a text and has to come through is found by the guard itself, so this says how much of that survives, and not how much the guard finds.
 */
export const readPairs = async (folder: string): Promise<Sample[]> => {
  const files = (await readdir(folder)).filter((name) => name.endsWith('.jsonl')).toSorted()
  const texts = await Promise.all(files.map((file) => readFile(join(folder, file), 'utf8')))
  return texts
    .flatMap((text) => text.split('\n'))
    .filter((line) => line.trim() !== '')
    .map((line) => {
      const { source, target, text, ...known } = pair.parse(JSON.parse(line))
      const names = [
        ...known.names.map((name) => ({ kind: 'name' as const, text: name })),
        ...known.sections.map((name) => ({ kind: 'section' as const, text: name })),
      ]
      const planted = findProtected(text, names).flatMap(({ kind, start, end, isHeld }) =>
        kind === 'picture' || !isHeld ? [] : [{ kind, text: text.slice(start, end) }],
      )
      return { source, target, text, names, planted }
    })
}
