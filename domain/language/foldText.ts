/** A text without what hides words in it, and where each character of it was. Positions are UTF-16 code units, ends exclusive. */
export type FoldedText = { text: string; places: readonly Span[] }

/** A part of a text: from `start`, up to but without `end`. */
export type Span = { start: number; end: number }

/** Letters of other scripts that look like these, in words that mix them with Latin ones. */
const lookalikes: Readonly<Record<string, string>> = {
  а: 'a',
  в: 'b',
  е: 'e',
  ѕ: 's',
  і: 'i',
  ј: 'j',
  к: 'k',
  м: 'm',
  н: 'h',
  о: 'o',
  р: 'p',
  с: 'c',
  т: 't',
  у: 'y',
  х: 'x',
  α: 'a',
  ε: 'e',
  ι: 'i',
  κ: 'k',
  ν: 'v',
  ο: 'o',
  ρ: 'p',
  τ: 't',
  υ: 'u',
}
/** What stands for a letter inside of a word. */
const substitutes: Readonly<Record<string, string>> = {
  '0': 'o',
  '1': 'i',
  '3': 'e',
  '4': 'a',
  '5': 's',
  '7': 't',
  '@': 'a',
  $: 's',
  '!': 'i',
}
const quotes = new Set(['‘', '’', 'ʼ', '`', '´'])

type Unit = { text: string } & Span

/** A sign that stands for a whole phrase is left as it is: what is read is never much longer than what was written. */
const plainMax = 4

const isPlainLetter = (text: string | undefined): boolean => text !== undefined && text.length === 1 && text >= 'a' && text <= 'z'

const toPlain = (character: string): string => {
  if (isPlainLetter(character) || character === ' ') return character
  if (quotes.has(character)) return "'"
  const plain = character
    .normalize('NFKD')
    .replace(/[\p{M}\p{Cf}]/gu, '')
    .toLowerCase()
  return plain.length > plainMax ? character : plain
}

/** Lower case, without accents and without what is not seen: soft hyphens, joiners, marks of direction. */
const toUnits = (text: string): Unit[] => {
  const units: Unit[] = []
  let start = 0
  for (const character of text) {
    const end = start + character.length
    for (const one of toPlain(character)) units.push({ text: one, start, end })
    start = end
  }
  return units
}

const isLetter = (text: string | undefined): boolean => isPlainLetter(text) || (text !== undefined && /^\p{L}$/u.test(text))
const isInWord = (text: string | undefined): boolean =>
  isPlainLetter(text) || (text !== undefined && text !== ' ' && /^[\p{L}\p{N}@$!]$/u.test(text))

/** The words that a letter is in, each as the places of its characters. */
const findWords = (units: readonly Unit[]): number[][] => {
  const words: number[][] = []
  let word: number[] = []
  for (let index = 0; index <= units.length; index += 1) {
    if (isInWord(units[index]?.text)) word.push(index)
    else {
      if (word.some((at) => isLetter(units[at]?.text))) words.push(word)
      word = []
    }
  }
  return words
}

/** A sign is a letter where one follows: what ends a sentence ends it. A number is one where there is more of letters than of numbers. */
const unmask = (units: readonly Unit[]): Unit[] => {
  const unmasked = [...units]
  for (const word of findWords(units)) {
    const texts = word.map((at) => units[at]?.text ?? '')
    // Most words: nothing in them stands for a letter.
    if (texts.every(isPlainLetter)) continue
    const letters = texts.filter((text) => isLetter(text)).length
    const isMixed = texts.some((text) => /^[a-z]$/.test(text))
    word.forEach((at, index) => {
      const text = texts[index] ?? ''
      const isSubstitute = /^\d$/.test(text) ? 2 * letters > texts.length : isLetter(texts[index + 1])
      const plain = (isMixed ? lookalikes[text] : undefined) ?? (isSubstitute ? substitutes[text] : undefined)
      if (plain !== undefined) unmasked[at] = { ...(units[at] as Unit), text: plain }
    })
  }
  return unmasked
}

const join = (units: readonly Unit[]): FoldedText => {
  let joined = ''
  const places: Span[] = []
  for (const { text, start, end } of units) {
    joined += text
    for (let index = 0; index < text.length; index += 1) places.push({ start, end })
  }
  return { text: joined, places }
}

/** The text in lower case, without accents, invisible characters, letters of other scripts and numbers in place of letters. */
export const foldText = (text: string): FoldedText => join(unmask(toUnits(text)))

/** Three letters or more that stand alone, parted by the same blanks or signs. */
const spelled = /(?<![\p{L}\p{N}])[\p{L}\p{N}](?:(?<gap>[\s._*-]{1,3})[\p{L}\p{N}])(?:\k<gap>[\p{L}\p{N}])+(?![\p{L}\p{N}])/gu

/** As `foldText`, with words that are spelled letter by letter put together. */
export const joinSpelled = (folded: FoldedText): FoldedText => {
  const found = [...folded.text.matchAll(spelled)]
  if (found.length === 0) return folded
  const units = [...folded.places].map((place, index) => ({ ...place, text: folded.text[index] ?? '' }))
  for (const { index, 0: word } of found)
    for (let at = index; at < index + word.length; at += 1)
      if (!/[\p{L}\p{N}]/u.test(units[at]?.text ?? '')) units[at] = { ...(units[at] as Unit), text: '' }
  return join(units.filter(({ text }) => text !== ''))
}

/** Where in the text as it was written this part of the folded one stands. */
export const toOriginal = ({ places }: FoldedText, { start, end }: Span): Span => ({
  start: places[start]?.start ?? 0,
  end: places[end - 1]?.end ?? 0,
})
