import { findNames } from './findNames.ts'
import { unspaced, wordPart } from './wordPart.ts'
import type { ProtectedSpan, RosterName } from './lostKind.ts'

type Pattern = { kind: ProtectedSpan['kind']; pattern: RegExp; isHeld?: boolean }

/** What more a link can be followed by, and is not part of it. */
const linkTail = String.raw`[^\s<>"“”«»]*[^\s<>"“”«».,;:!?…'’)\]}¿¡]`
const domains = 'com|org|net|edu|gov|us|info|io|app|school|k12|mx|es'
/** Of a script that parts its words. */
const letter = `(?![${unspaced}])[\\p{L}\\p{M}_]`
const digits = String.raw`\p{Nd}`
const notInWord = `(?<!${wordPart})`
const wordEnd = `(?!${wordPart})`
const pattern = (source: string): RegExp => new RegExp(source, 'giu')

/** In this order: what is found first is not looked at again. Every repetition has an end, so that no text takes long. */
const patterns: readonly Pattern[] = [
  { kind: 'link', pattern: pattern(String.raw`(?<![\p{L}\p{N}])(?:https?:\/\/|www\.)${linkTail}`) },
  {
    kind: 'email',
    pattern: pattern(String.raw`(?<![\p{L}\p{N}._%+-])[\p{L}\p{N}._%+-]{1,64}@(?:[\p{L}\p{N}-]{1,63}\.){1,8}\p{L}{2,24}${wordEnd}`),
  },
  {
    kind: 'link',
    pattern: pattern(String.raw`(?<![\p{L}\p{N}.@-])(?:[\p{L}\p{N}-]{1,63}\.){1,8}(?:${domains})(?:\/(?:${linkTail})?)?${wordEnd}`),
  },
  {
    kind: 'phone',
    pattern: pattern(
      String.raw`${notInWord}(?:\+?${digits}{1,3}[ .-]?)?(?:\(${digits}{3}\) ?|${digits}{3}[ .-])${digits}{3}[ .-]${digits}{4}(?: ?(?:x|ext\.?) ?${digits}{1,6})?${wordEnd}`,
    ),
  },
  { kind: 'phone', pattern: pattern(String.raw`${notInWord}\+${digits}(?:[ .()-]{0,2}${digits}){6,14}${wordEnd}`) },
  {
    kind: 'date',
    pattern: pattern(
      String.raw`${notInWord}(?:${digits}{4}([/.-])${digits}{1,2}\1${digits}{1,2}|${digits}{1,2}([/.-])${digits}{1,2}\2(?:${digits}{4}|${digits}{2}))${wordEnd}`,
    ),
  },
  {
    kind: 'time',
    pattern: pattern(
      String.raw`${notInWord}${digits}{1,2}(?:[:.]${digits}{2}(?::${digits}{2})?)?[ \u00A0\u202F]?[ap](?:m|\. ?m\.?)${wordEnd}`,
    ),
  },
  {
    kind: 'time',
    pattern: pattern(String.raw`${notInWord}${digits}{1,2}(?::${digits}{2}(?::${digits}{2})?(?: ?h)?|h${digits}{2}|h)${wordEnd}`),
  },
]

const later: readonly Pattern[] = [
  { kind: 'picture', pattern: /[0-9#*]\uFE0F?\u20E3/gu },
  // “3rd” has to become another ordinal.
  {
    kind: 'number',
    pattern: pattern(String.raw`${notInWord}${digits}{1,9}(?:st|nd|rd|th|º|ª|[oa]|ers?|ère|e|ème)${wordEnd}`),
    isHeld: false,
  },
  // Braces with a number are what our own placeholders look like.
  { kind: 'number', pattern: pattern(String.raw`[{｛][ \t]{0,20}${digits}{1,20}[ \t]{0,20}[}｝]`) },
  {
    kind: 'number',
    pattern: new RegExp(
      String.raw`${notInWord}(?:(?:${letter}){1,20}|\p{Lu}{1,4}-)?[-+−]?[$€£¥]?${digits}{1,40}(?:[.,’'/:\u00A0\u202F-]${digits}{1,40}){0,20}(?:[ \u00A0\u202F]?[%‰]|°[CF]?|(?:${letter}|${digits}){1,20})?${wordEnd}`,
      'gu',
    ),
  },
  // Codes, however digits and letters take turns: a translator that parts one at its digits takes `a` for a word.
  {
    kind: 'number',
    pattern: pattern(String.raw`${notInWord}(?=(?:${wordPart}){0,200}?${digits})(?:${wordPart}){1,201}${wordEnd}`),
  },
  { kind: 'number', pattern: pattern(String.raw`[-+−]?[$€£¥]?${digits}{1,400}(?:[.,/]${digits}{1,40}){0,20}[%‰]?`) },
  {
    kind: 'picture',
    pattern: pattern(
      String.raw`(?:\p{Regional_Indicator}{2}|\p{Extended_Pictographic}(?:[\uFE0F\u200D\p{Emoji_Modifier}\u20E3\u{E0020}-\u{E007F}]|(?<=\u200D)\p{Extended_Pictographic}){0,20})+`,
    ),
  },
]

/** What stands in a text beyond the end of each word. */
const blank = '\0'

/** What finds its spans in a text, of which what was found before is blanked. */
type Find = (text: string) => ProtectedSpan[]

const toFind =
  ({ kind, pattern, isHeld = true }: Pattern): Find =>
  (text) =>
    [...text.matchAll(pattern)].map(({ index, 0: found }) => ({ kind, start: index, end: index + found.length, isHeld }))

const blankOut = (text: string, spans: readonly ProtectedSpan[]): string => {
  let left = ''
  let last = 0
  for (const { start, end } of spans) {
    left += text.slice(last, start) + blank.repeat(end - start)
    last = end
  }
  return left + text.slice(last)
}

/**
 * What in a text stays as it is when it is translated, in order, without overlaps and each in one line: links, addresses, phone numbers, dates and times in digits, names and sections of the roster, numbers, emoji. Names of months and numbers in words
 * are words, and are translated.
 */
export const findProtected = (text: string, names: readonly RosterName[]): ProtectedSpan[] => {
  const spans: ProtectedSpan[] = []
  let left = text
  for (const find of [...patterns.map(toFind), (rest: string) => findNames(rest, names), ...later.map(toFind)]) {
    const found = find(left)
    spans.push(...found)
    left = blankOut(left, found)
  }
  return spans.toSorted((one, other) => one.start - other.start)
}
