/** Phones write curly apostrophes and rosters straight ones; a hyphen that does not break is one all the same. */
const sameCharacters: Readonly<Record<string, string>> = Object.fromEntries([
  ...Array.from('’‘ʼʻ`´', (one) => [one, "'"]),
  ...Array.from('‐‑–−', (one) => [one, '-']),
  ['ς', 'σ'],
])

/** A text without what people write in more ways than one. `starts`: where in the text each code unit of `text` comes from, and at its end where the text ends. */
export type FoldedText = { text: string; starts: readonly number[] }

const isMark = (character: string): boolean => /^\p{M}$/u.test(character)

/**
 * Small letters, one kind of apostrophes and of hyphens, decomposed, and Latin letters without their accents: rosters often have neither accents nor small letters. In other
 * scripts marks make other letters, and stay.
 */
export const foldText = (text: string): FoldedText => {
  const starts: number[] = []
  let folded = ''
  let at = 0
  let isLatin = false
  for (const character of text) {
    for (const part of character.normalize('NFD')) {
      const mark = isMark(part)
      if (!mark) isLatin = /^\p{Script=Latin}$/u.test(part)
      if (mark && isLatin) continue
      const small = part.toLowerCase()
      const one = sameCharacters[small] ?? small
      for (let unit = 0; unit < one.length; unit += 1) starts.push(at)
      folded += one
    }
    at += character.length
  }
  return { text: folded, starts: [...starts, text.length] }
}
