import pLimit from 'p-limit'
import { WrongUse } from '../../deploy/wrongUse.ts'
import type { Translator } from '../../domain/ports.ts'
import { lostKinds, type LostKind } from '../../domain/translation/lostKind.ts'
import { requestBytesMax, splitText } from '../../domain/translation/splitText.ts'
import { translateText } from '../../domain/translation/translateText.ts'
import { TranslationImpossible } from '../../domain/translation/translatorFault.ts'
import { atLeast, roundFigures, type Measured } from '../bench.ts'
import type { Sample } from './makeSentences.ts'

type Outcome = { kind: LostKind; isUnchanged: boolean; isFlagged: boolean; survivesPlain: boolean }
/** Null: the translator does not have the pair. */
type Done = { outcomes: Outcome[]; calls: number } | null

const concurrent = 4
/** Of the stack's translator, others go by way of English (docs/decisions/translator-of-the-stack.md). */
const pairs = 'en to es and ca, and back; from hr, bs, is and mk to en'

/** How often a text stands in another by itself: a plain count, which knows nothing of how the guard counts. */
const countOf = (text: string, wanted: string): number => {
  const parts = text.split(wanted)
  return parts.slice(1).filter((after, index) => !/[\p{L}\p{N}]$/u.test(parts[index] ?? '') && !/^[\p{L}\p{N}]/u.test(after)).length
}

/** The text without the guard, in as many requests as it takes. */
const translatePlainly = async (text: string, source: string, translate: (piece: string) => Promise<string>): Promise<string> => {
  const answers: string[] = []
  for (const piece of splitText(text, source, requestBytesMax)) answers.push(await translate(piece))
  return answers.join('')
}

const measureOne = async (translator: Translator, { source, target, text, names, planted }: Sample): Promise<Done> => {
  const translate = (piece: string): Promise<string> => translator.translate({ text: piece, source, target })
  const plain = await translatePlainly(text, source, translate).catch((error: unknown) => {
    if (error instanceof TranslationImpossible && error.reason === 'unsupported-pair') return null
    throw error
  })
  if (plain === null) return null
  const guarded = await translateText({ text, source, names, translate })
  const outcomes = planted.map(({ kind, text: wanted }) => ({
    kind,
    isUnchanged: countOf(guarded.text, wanted) >= countOf(text, wanted),
    isFlagged: guarded.lost.includes(kind),
    survivesPlain: countOf(plain, wanted) >= countOf(text, wanted),
  }))
  return { outcomes, calls: guarded.calls }
}

const shareOf = <Item>(items: readonly Item[], holds: (item: Item) => boolean): number =>
  items.length === 0 ? 1 : items.filter(holds).length / items.length

/**
 * How much of what has to come through does, behind the guard and without it, and whether readers are warned of the rest. Every sentence is translated twice; those of a pair that the translator
 * does not have are counted and left out. No ratio where nothing has to come through. @throws WrongUse when all are left out.
 */
export const measureSurvival = async (translator: Translator, samples: readonly Sample[], name: string): Promise<Measured> => {
  const limit = pLimit(concurrent)
  const all = await Promise.all(samples.map((sample) => limit(() => measureOne(translator, sample))))
  const done = all.filter((one) => one !== null)
  if (done.length === 0)
    throw new WrongUse(`the translator has the languages of none of these ${samples.length} sentences; it has: ${pairs}`)
  const outcomes = done.flatMap(({ outcomes: of }) => of)
  const lost = outcomes.filter(({ isUnchanged }) => !isUnchanged)
  const kept = outcomes.filter(({ isUnchanged }) => isUnchanged)
  const kinds = lostKinds.filter((kind) => outcomes.some((one) => one.kind === kind))
  const ofKind = (kind: LostKind, holds: (one: Outcome) => boolean): number =>
    shareOf(
      outcomes.filter((one) => one.kind === kind),
      holds,
    )
  return {
    ratios:
      outcomes.length === 0
        ? {}
        : {
            [`${name}_unchanged`]: atLeast(
              shareOf(outcomes, ({ isUnchanged }) => isUnchanged),
              0.995,
            ),
            [`${name}_rest_flagged`]: atLeast(
              shareOf(lost, ({ isFlagged }) => isFlagged),
              1,
            ),
          },
    figures: roundFigures({
      [`${name}_sentences`]: done.length,
      [`${name}_sentences_without_pair`]: all.length - done.length,
      [`${name}_parts`]: outcomes.length,
      [`${name}_lost`]: lost.length,
      [`${name}_flagged_needlessly`]: shareOf(kept, ({ isFlagged }) => isFlagged),
      [`${name}_calls_a_sentence`]: done.reduce((sum, { calls }) => sum + calls, 0) / Math.max(1, done.length),
      [`${name}_unchanged_unguarded`]: shareOf(outcomes, ({ survivesPlain }) => survivesPlain),
      ...Object.fromEntries(
        kinds.flatMap((kind) => [
          [`${name}_${kind}_unchanged`, ofKind(kind, ({ isUnchanged }) => isUnchanged)],
          [`${name}_${kind}_unchanged_unguarded`, ofKind(kind, ({ survivesPlain }) => survivesPlain)],
        ]),
      ),
    }),
  }
}
