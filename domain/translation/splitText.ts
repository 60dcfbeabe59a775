/** What one request takes, in bytes of UTF-8: https://docs.aws.amazon.com/translate/latest/APIReference/API_TranslateText.html */
export const requestBytesMax = 10_000

/** Bytes of UTF-8, without a copy of the text; an unpaired surrogate is sent as three. */
export const countBytes = (text: string): number => {
  let bytes = 0
  for (const character of text) {
    const point = character.codePointAt(0) ?? 0
    bytes += point < 0x80 ? 1 : point < 0x8_00 ? 2 : point < 0x1_00_00 ? 3 : 4
  }
  return bytes
}

type Granularity = 'sentence' | 'word' | 'grapheme'

/** Neighbours put together as long as they fit; one that does not fit alone stands alone. */
const pack = (parts: readonly string[], bytesMax: number): string[] => {
  const packed: string[] = []
  let open = ''
  let bytes = 0
  for (const part of parts) {
    const more = countBytes(part)
    if (open !== '' && bytes + more > bytesMax) {
      packed.push(open)
      open = ''
      bytes = 0
    }
    open += part
    bytes += more
  }
  return open === '' ? packed : [...packed, open]
}

const finer: Readonly<Record<Granularity, Granularity | null>> = { sentence: 'word', word: 'grapheme', grapheme: null }

const splitAt = (text: string, locale: string, bytesMax: number, granularity: Granularity | null): string[] => {
  if (countBytes(text) <= bytesMax) return text === '' ? [] : [text]
  // One grapheme alone, such as a letter under thousands of accents: nothing is left to go by but its characters.
  if (granularity === null) return pack(Array.from(text), bytesMax)
  const segments = [...new Intl.Segmenter(locale, { granularity }).segment(text)].map(({ segment }) => segment)
  return pack(segments, bytesMax).flatMap((part) => splitAt(part, locale, bytesMax, finer[granularity]))
}

/** A text in parts of at most `bytesMax` bytes of UTF-8 (at least 4), which joined are the text: between sentences, else words, else graphemes. */
export const splitText = (text: string, locale: string, bytesMax: number): string[] => splitAt(text, locale, bytesMax, 'sentence')
