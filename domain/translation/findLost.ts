import { lostKinds, type LostKind, type ProtectedSpan } from './lostKind.ts'
import { isInsideWord } from './wordPart.ts'

/** `isPart`: as it was written, it is a part of a word, and may be one again. */
type Wanted = { kind: LostKind; text: string; count: number; isPart: boolean }

const toWanted = (text: string, spans: readonly ProtectedSpan[]): Wanted[] => {
  const wanted = new Map<string, Wanted>()
  for (const { kind, start, end, isHeld } of spans) {
    if (kind === 'picture') continue
    const cut = text.slice(start, end)
    const one = isHeld ? cut : (cut.match(/\p{Nd}+/u)?.[0] ?? cut)
    const isPart = isHeld && (isInsideWord(text, start) || isInsideWord(text, end))
    const key = `${kind} ${isPart} ${one}`
    wanted.set(key, { kind, text: one, isPart, count: (wanted.get(key)?.count ?? 0) + 1 })
  }
  return [...wanted.values()].toSorted((one, other) => other.text.length - one.text.length)
}

/** Not a part of a longer word or number; an ending may follow a bare number, as in “3.º”, “3rd”. */
const standsAlone = (text: string, start: number, end: number): boolean =>
  !isInsideWord(text, start) &&
  (/^\p{Nd}+$/u.test(text.slice(start, end)) ? !/^\p{Nd}/u.test(text.slice(end, end + 2)) : !isInsideWord(text, end))

/** Takes up to `count` places of `wanted` that nothing longer has taken. Answers how many there were. */
const take = (text: string, wanted: Wanted, taken: Uint8Array): number => {
  let found = 0
  for (let at = text.indexOf(wanted.text); at !== -1 && found < wanted.count; at = text.indexOf(wanted.text, at + 1)) {
    const end = at + wanted.text.length
    if (!(wanted.isPart || standsAlone(text, at, end)) || taken.subarray(at, end).includes(1)) continue
    taken.fill(1, at, end)
    found += 1
  }
  return found
}

/**
 * Of what kinds something that stands in `text` at `spans` is not in its translation as often, letter by letter and by itself. It trusts nothing that was done to keep it: it looks at the translation alone.
 */
export const findLost = (text: string, spans: readonly ProtectedSpan[], translated: string): LostKind[] => {
  const taken = new Uint8Array(translated.length)
  const lost = new Set(
    toWanted(text, spans)
      .filter((wanted) => take(translated, wanted, taken) < wanted.count)
      .map(({ kind }) => kind),
  )
  return lostKinds.filter((kind) => lost.has(kind))
}
