import type { ProtectedSpan } from './lostKind.ts'
import { isInsideWord } from './wordPart.ts'

/** What a placeholder stands for, and on which sides it was a part of a word when it was written. */
type Original = { text: string; kind: ProtectedSpan['kind']; isGluedBefore: boolean; isGluedAfter: boolean }

/** A part of a text as the translator is given it. */
export type HeldText = { text: string; held: ReadonlyMap<number, Original> }

/** Puts a placeholder, a number in braces, in place of each span that is held. Numbers begin with `first`. Braces around numbers of the author's own are spans themselves. */
export const holdText = (text: string, spans: readonly ProtectedSpan[], first: number): HeldText => {
  const held = new Map<number, Original>()
  let written = ''
  let last = 0
  for (const { start, end, kind, isHeld } of spans) {
    if (!isHeld) continue
    const number = first + held.size
    held.set(number, {
      text: text.slice(start, end),
      kind,
      isGluedBefore: isInsideWord(text, start),
      isGluedAfter: isInsideWord(text, end),
    })
    written += `${text.slice(last, start)}{${number}}`
    last = end
  }
  return { text: written + text.slice(last), held }
}

/** As translators give placeholders back: with blanks, wide braces or the digits of another script. */
const placeholder = /[{｛]\s{0,8}(\p{Nd}{1,5})\s{0,8}[}｝]/gu

/** The value of a digit of any script: each has its ten in a row, and 0 begins the row. */
const toDigit = (character: string): number => {
  let point = character.codePointAt(0) ?? 0
  let value = 0
  while (value < 9 && /\p{Nd}/u.test(String.fromCodePoint(point - 1))) {
    point -= 1
    value += 1
  }
  return value
}
const toNumber = (digits: string): number => (/^[0-9]+$/.test(digits) ? Number(digits) : Number(Array.from(digits, toDigit).join('')))

/** Nothing grows together with what is put back: a name with an ending glued to it would be another name. */
const join = (before: string, after: string, isGlued: boolean): string => {
  const joined = before + after
  return !isGlued && isInsideWord(joined, before.length) ? `${before} ${after}` : joined
}

export type RestoredText = {
  text: string
  /** Whether each placeholder came back once, and none that was not sent. */
  isWhole: boolean
}

/** Puts back what was held. Pictures that the translator dropped are put at the end. */
export const restoreText = (translated: string, { held }: HeldText): RestoredText => {
  const seen = new Set<number>()
  let isWhole = true
  let text = ''
  let last = 0
  let isGlued = true
  for (const { index, 0: found, 1: digits = '' } of translated.matchAll(placeholder)) {
    const number = toNumber(digits)
    const original = held.get(number)
    if (original === undefined || seen.has(number)) isWhole = false
    text = join(text, translated.slice(last, index), isGlued)
    text = join(text, original?.text ?? found, original?.isGluedBefore ?? true)
    isGlued = original?.isGluedAfter ?? true
    seen.add(number)
    last = index + found.length
  }
  text = join(text, translated.slice(last), isGlued)
  for (const [number, { text: original, kind }] of held) {
    if (seen.has(number)) continue
    if (kind === 'picture') text += ` ${original}`
    else isWhole = false
  }
  return { text, isWhole }
}
