import { countCharacters } from './countCharacters.ts'
import { findLost } from './findLost.ts'
import { findProtected } from './findProtected.ts'
import { holdText } from './holdText.ts'
import type { ProtectedSpan, RosterName, WarnedKind } from './lostKind.ts'
import { sendLines, type Line } from './sendLines.ts'
import { countBytes, requestBytesMax, splitText } from './splitText.ts'

export type TranslatedText = {
  text: string
  /** As the provider bills, of all that was sent. */
  characters: number
  calls: number
  /** Of what kinds something did not come through unchanged, and whether a line stayed as it was written: shown with a warning beside the original. */
  lost: WarnedKind[]
}

export type TextToTranslate = {
  text: string
  /** A code of the provider's. Sentences end as they do in it. */
  source: string
  /** Whom and what the roster knows in this conversation. */
  names: readonly RosterName[]
  /** One request: not empty, at most 10,000 bytes. What it throws is thrown on. */
  translate: (piece: string) => Promise<string>
}

/** A part of a line with what is around it. */
type Unit = Line & { before: string; after: string }

const lineBreak = /(\r\n|[\n\r\v\f\u0085\u2028\u2029])/u
/** Room for placeholders, which may be longer than what they stand for. */
const partBytesMax = requestBytesMax / 2

/** Blanks, bullets and emoji at either end of a line. */
const head = /^(?:[\u200D\s\uFE0F\p{Extended_Pictographic}\p{Emoji_Modifier}\p{Regional_Indicator}•*·–—]|-(?!\p{Nd}))*/u
const tail = /[\u200D\s\uFE0F\p{Extended_Pictographic}\p{Emoji_Modifier}\p{Regional_Indicator}]$/u

/** `spans`: of the text in which the part begins at `at`. A sign or a star at the head may belong to what stays as it is: “-$5”, “*️⃣”. */
const cutMargins = (part: string, spans: readonly ProtectedSpan[], at: number): { before: string; core: string; after: string } => {
  const found = head.exec(part)?.[0] ?? ''
  const from = at + found.length
  const cut = spans.find(({ start, end }) => start >= at && start < from && end > from)
  const before = cut === undefined ? found : part.slice(0, cut.start - at)
  const characters = Array.from(part.slice(before.length))
  let end = characters.length
  while (end > 0 && tail.test(characters[end - 1] ?? '')) end -= 1
  return { before, core: characters.slice(0, end).join(''), after: characters.slice(end).join('') }
}

const createUnits = (text: string, all: readonly ProtectedSpan[], source: string) => {
  let next = 0
  let at = 0
  const toUnit = (part: string): Unit => {
    const margins = cutMargins(part, all, at)
    const from = at + margins.before.length
    const to = from + margins.core.length
    at += part.length
    const spans = all
      .filter(({ start, end }) => start >= from && end <= to)
      .map((span) => ({ ...span, start: span.start - from, end: span.end - from }))
    const whole = holdText(margins.core, spans, next)
    // Of thousands of numbers, the placeholders would be longer than a request.
    const held = countBytes(whole.text) > requestBytesMax ? holdText(margins.core, [], next) : whole
    next += held.held.size
    return { ...margins, spans, held }
  }
  return text.split(lineBreak).map((line, index) => {
    if (index % 2 === 0) return splitText(line, source, partBytesMax).map(toUnit)
    at += line.length
    return line
  })
}

const isWorthSending = ({ held }: Unit): boolean => /\p{L}/u.test(held.text)

/**
 * Translates a text line by line, so that its lines stay its lines, in as few requests as they fit in. What has to stay as it is (`findProtected`) is kept from the translator behind placeholders, and looked for afterwards whatever was done:
 * every kind of which something is missing is in `lost`, and so is a line that was not translated (`sendLines`). Nothing is sent where there is nothing to translate.
 */
export const translateText = async (asked: TextToTranslate): Promise<TranslatedText> => {
  const text = asked.text.toWellFormed()
  let characters = 0
  let calls = 0
  const send = async (piece: string): Promise<string> => {
    calls += 1
    characters += countCharacters(piece)
    return asked.translate(piece)
  }
  const spans = findProtected(text, asked.names)
  const lines = createUnits(text, spans, asked.source)
  const units = lines.flatMap((line) => (typeof line === 'string' ? [] : line)).filter(isWorthSending)
  const translated = await sendLines(units, send)
  const toText = (unit: Unit): string => unit.before + (translated.get(unit) ?? unit.core) + unit.after
  const answer = lines.map((line) => (typeof line === 'string' ? line : line.map(toText).join(''))).join('')
  const stayed: WarnedKind[] = [...translated.values()].includes(null) ? ['line'] : []
  return { text: answer, characters, calls, lost: [...findLost(text, spans, answer), ...stayed] }
}
