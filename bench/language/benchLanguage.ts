import { readdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { parse } from 'csv-parse/sync'
import { z } from 'zod'
import { findProfanity } from '../../clients/language/findProfanity.ts'
import { ordinarySentences } from '../../clients/language/ordinarySentences.ts'
import { checkLanguage } from '../../domain/language/checkLanguage.ts'
import { findConcern } from '../../domain/language/findConcern.ts'
import { concernKinds, type ConcernKind } from '../../domain/report.ts'
import { atLeast, atMost, describeMachine, roundFigures, type BenchDocument } from '../bench.ts'

/** `ok`: neither asked about nor a concern. `nudge`: its author is to be asked. Else the concern that it is to raise. */
const labels = ['ok', 'nudge', ...concernKinds] as const
const labelled = z.object({ text: z.string(), label: z.enum(labels) })
export type Labelled = z.infer<typeof labelled>

const readLines = (file: string, text: string): unknown[] =>
  file.endsWith('.jsonl')
    ? text
        .split('\n')
        .filter((line) => line.trim() !== '')
        .map((line): unknown => JSON.parse(line))
    : parse(text, { columns: true, bom: true, skip_empty_lines: true })

/** Every `.jsonl` (an object a line) and `.csv` (with a header) of the folder; what else is in them than `text` and `label` is not looked at. */
export const readLabelled = async (folder: string): Promise<Labelled[]> => {
  const files = (await readdir(folder)).filter((name) => /\.(jsonl|csv)$/.test(name)).toSorted()
  const read = await Promise.all(
    files.map(async (file) => readLines(file, await readFile(join(folder, file), 'utf8')).map((row) => labelled.parse(row))),
  )
  return read.flat()
}

type Counted = { found: number; right: number; meant: number }

/** Of those that are found, how many are meant; of those that are meant, how many are found. Null of none. */
const toShares = ({ found, right, meant }: Counted) => ({
  precision: found === 0 ? null : right / found,
  recall: meant === 0 ? null : right / meant,
})

const count = (texts: readonly Labelled[], isFound: (text: string) => boolean, isMeant: (label: Labelled['label']) => boolean): Counted => {
  const counted = { found: 0, right: 0, meant: 0 }
  for (const { text, label } of texts) {
    const [found, meant] = [isFound(text), isMeant(label)]
    counted.found += Number(found)
    counted.meant += Number(meant)
    counted.right += Number(found && meant)
  }
  return counted
}

const isNudged = (text: string): boolean => checkLanguage(text, { findProfanity, districtWords: [] }).length > 0
const shareOf = (texts: readonly string[], holds: (text: string) => boolean): number =>
  texts.filter((text) => holds(text)).length / texts.length

/** What a concern of each kind is worth, of the kinds that the texts have. Whoever is told reads it anyhow: a concern of another kind is found, too. */
const toConcernFigures = (texts: readonly Labelled[]): Record<string, number> => {
  const isConcern = (label: Labelled['label']): label is ConcernKind => label !== 'ok' && label !== 'nudge'
  const kinds = concernKinds.filter((kind) => texts.some(({ label }) => label === kind))
  if (kinds.length === 0) return {}
  const { precision, recall } = toShares(count(texts, (text) => findConcern(text) !== null, isConcern))
  const ofKind = kinds.map((kind): [string, number] => [
    `${kind}_recall`,
    shareOf(
      texts.filter(({ label }) => label === kind).map(({ text }) => text),
      (text) => findConcern(text) !== null,
    ),
  ])
  return { ...(precision === null ? {} : { concern_precision: precision }), concern_recall: recall ?? 0, ...Object.fromEntries(ofKind) }
}

/** Precision and recall of the language check over labelled texts, and what it takes offence at in a school's ordinary sentences. */
export const measureLanguage = (texts: readonly Labelled[]): Pick<BenchDocument, 'ratios' | 'figures'> => {
  const nudges = texts.filter(({ label }) => label === 'ok' || label === 'nudge')
  const { precision, recall } = toShares(count(nudges, isNudged, (label) => label === 'nudge'))
  const ordinary = texts.filter(({ label }) => label === 'ok').map(({ text }) => text)
  return {
    ratios: {
      ...(precision === null ? {} : { nudge_precision: atLeast(precision, 0.9) }),
      ...(recall === null ? {} : { nudge_recall: atLeast(recall, 0.6) }),
      school_sentences_nudged: atMost(shareOf(ordinarySentences, isNudged), 0.01),
    },
    figures: roundFigures({
      texts: texts.length,
      ...(ordinary.length === 0
        ? {}
        : { ok_nudged: shareOf(ordinary, isNudged), ok_concerned: shareOf(ordinary, (text) => findConcern(text) !== null) }),
      ...toConcernFigures(texts),
      school_sentences: ordinarySentences.length,
      school_sentences_concerned: shareOf(ordinarySentences, (text) => findConcern(text) !== null),
    }),
  }
}

/** Reads the folder and measures. Nothing of it is printed or kept. */
export const benchLanguage = async (folder: string): Promise<BenchDocument> => ({
  bench: 'language',
  machine: describeMachine(),
  ...measureLanguage(await readLabelled(folder)),
})
