import { readdir, readFile, stat } from 'node:fs/promises'
import { join } from 'node:path'
import { z } from 'zod'
import { WrongUse } from '../../deploy/wrongUse.ts'
import { findProtected } from '../../domain/translation/findProtected.ts'
import { toTranslationLanguage } from '../../domain/translation/languages.ts'
import { messageLimits } from '../../domain/uploadLimits.ts'
import type { Sample } from './makeSentences.ts'

const language = z.string('a language tag, such as es').transform((tag, context) => {
  const code = toTranslationLanguage(tag)
  if (code === null) context.addIssue({ code: 'custom', message: 'a language of the provider, such as es (docs/translation.md)' })
  return code ?? ''
})
const texts = z.array(z.string().trim().min(1), 'a list of texts').default([])
const pair = z.object(
  {
    source: language,
    target: language,
    text: z
      .string('the text to translate')
      .refine((text) => text.trim() !== '', 'a text that is not empty')
      .refine(
        (text) => Array.from(text).length <= messageLimits.charactersMax,
        `at most ${messageLimits.charactersMax} characters, as a message has: part it`,
      )
      .transform((text) => text.toWellFormed()),
    names: texts,
    sections: texts,
  },
  'an object with source, target and text',
)

const fileBytesMax = 256 * 1024 ** 2
const listFiles = async (folder: string): Promise<string[]> => {
  const entries = await readdir(folder).catch((error: NodeJS.ErrnoException) => {
    throw new WrongUse(`--data ${folder} cannot be read as a folder (${error.code}): name one that holds .jsonl files`)
  })
  const files = entries.filter((name) => name.endsWith('.jsonl')).toSorted()
  if (files.length === 0) throw new WrongUse(`--data ${folder} holds no .jsonl file: docs/translation.md shows a line of one`)
  return files
}

const readLines = async (folder: string, file: string): Promise<string[]> => {
  if ((await stat(join(folder, file))).size > fileBytesMax) throw new WrongUse(`${file} is larger than 256 MiB: part it`)
  const bytes = await readFile(join(folder, file)).catch((error: NodeJS.ErrnoException) => {
    throw new WrongUse(`${file} cannot be read as a file (${error.code})`)
  })
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes).split('\n')
  } catch {
    throw new WrongUse(`${file} is not UTF-8: save it as UTF-8`)
  }
}

/** Nothing of a line is quoted: it may be what somebody wrote. */
const parseLine = (line: string, where: string): z.output<typeof pair> => {
  let value: unknown
  try {
    value = JSON.parse(line)
  } catch {
    throw new WrongUse(`${where}: not JSON. One object a line, as docs/translation.md shows`)
  }
  const parsed = pair.safeParse(value)
  if (parsed.success) return parsed.data
  const [issue] = parsed.error.issues
  throw new WrongUse(`${where}: ${issue?.path.length ? `${issue.path.join('.')}: ` : ''}wanted is ${issue?.message ?? 'something else'}`)
}

const toSample = ({ source, target, text, names, sections }: z.output<typeof pair>): Sample => {
  const known = [
    ...names.map((name) => ({ kind: 'name' as const, text: name })),
    ...sections.map((name) => ({ kind: 'section' as const, text: name })),
  ]
  const planted = findProtected(text, known).flatMap(({ kind, start, end, isHeld }) =>
    kind === 'picture' || !isHeld ? [] : [{ kind, text: text.slice(start, end) }],
  )
  return { source, target, text, names: known, planted }
}

/**
 * Every `.jsonl` of a folder: an object a line with `source`, `target` and `text`, and where known `names` and `sections`; a translation that stands beside them is not looked at. What is in
 * a text and has to come through is found by the guard itself, so this says how much of that survives, and not how much the guard finds.
 * @throws WrongUse that names file and line, and quotes nothing of it.
 */
export const readPairs = async (folder: string): Promise<Sample[]> => {
  const samples: Sample[] = []
  for (const file of await listFiles(folder)) {
    for (const [index, line] of (await readLines(folder, file)).entries())
      if (line.trim() !== '') samples.push(toSample(parseLine(line, `${file}, line ${index + 1}`)))
  }
  if (samples.length === 0) throw new WrongUse(`--data ${folder}: its files hold no sentence. docs/translation.md shows a line of one`)
  return samples
}
