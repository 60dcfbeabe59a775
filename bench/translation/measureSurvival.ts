import pLimit from 'p-limit'
import type { Translator } from '../../domain/ports.ts'
import { lostKinds, type LostKind } from '../../domain/translation/lostKind.ts'
import { translateText } from '../../domain/translation/translateText.ts'
import { atLeast, roundFigures, type Measured } from '../bench.ts'
import type { Sample } from './makeSentences.ts'

type Outcome = { kind: LostKind; isUnchanged: boolean; isFlagged: boolean; survivesPlain: boolean }
type Done = { outcomes: Outcome[]; calls: number }

const concurrent = 4

/** How often a text stands in another by itself: a plain count, which knows nothing of how the guard counts. */
const countOf = (text: string, wanted: string): number => {
  const parts = text.split(wanted)
  return parts.slice(1).filter((after, index) => !/[\p{L}\p{N}]$/u.test(parts[index] ?? '') && !/^[\p{L}\p{N}]/u.test(after)).length
}

const measureOne = async (translator: Translator, { source, target, text, names, planted }: Sample): Promise<Done> => {
  const translate = (piece: string): Promise<string> => translator.translate({ text: piece, source, target })
  const plain = await translate(text)
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

/** How much of what has to come through does, behind the guard and without it, and whether readers are warned of the rest. Every sentence is translated twice. */
export const measureSurvival = async (translator: Translator, samples: readonly Sample[], name: string): Promise<Measured> => {
  const limit = pLimit(concurrent)
  const done = await Promise.all(samples.map((sample) => limit(() => measureOne(translator, sample))))
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
    ratios: {
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
      [`${name}_sentences`]: samples.length,
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
