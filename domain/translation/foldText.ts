/** Phones write curly apostrophes and rosters straight ones; a hyphen that does not break is one all the same. */
const sameCharacters: Readonly<Record<string, string>> = Object.fromEntries([
  ...Array.from('’‘ʼʻ`´', (one) => [one, "'"]),
  ...Array.from('‐‑–−', (one) => [one, '-']),
  ['ς', 'σ'],
])

/** A text without what people write in more ways than one. `starts` and `ends`: where in the text what each code unit of `text` comes from begins and ends. */
export type FoldedText = { text: string; starts: readonly number[]; ends: readonly number[] }

const isMark = (character: string): boolean => /^\p{M}$/u.test(character)

/** Soft hyphens, joiners, marks of direction: nobody sees them, and text that was copied holds them inside of words. Those that join letters mean something in some scripts. */
const isUnseen = (character: string): boolean => /^(?!\p{M})\p{Default_Ignorable_Code_Point}$/u.test(character)
const isJoiner = (character: string): boolean => /^[\u200B-\u200D]$/u.test(character)
const unjoined = /^[\p{Script=Latin}\p{Script=Cyrillic}\p{Script=Greek}]$/u

/**
 * Small letters, one kind of apostrophes and of hyphens, decomposed, without what nobody sees, and Latin letters without their accents: rosters often have neither accents nor small letters. In
 * other scripts marks make other letters, and stay, as do joiners beside letters that they may join.
 */
export const foldText = (text: string): FoldedText => {
  const starts: number[] = []
  const ends: number[] = []
  let folded = ''
  let at = 0
  let letter = ''
  for (const character of text) {
    const end = at + character.length
    for (const part of character.normalize('NFD')) {
      if (isUnseen(part) && (!isJoiner(part) || unjoined.test(letter))) continue
      const mark = isMark(part)
      if (!mark) letter = part
      if (mark && /^\p{Script=Latin}$/u.test(letter)) {
        // An accent belongs to its letter.
        ends[ends.length - 1] = end
        continue
      }
      const small = part.toLowerCase()
      const one = sameCharacters[small] ?? small
      for (let unit = 0; unit < one.length; unit += 1) {
        starts.push(at)
        ends.push(end)
      }
      folded += one
    }
    at = end
  }
  return { text: folded, starts, ends }
}
