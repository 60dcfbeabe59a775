const scripts = ['Han', 'Hiragana', 'Katakana', 'Hangul', 'Thai', 'Lao', 'Khmer', 'Myanmar']

/** Scripts that write words without blanks between them, or join particles to names: the inside of a character class. */
export const unspaced = scripts.map((script) => String.raw`\p{Script=${script}}`).join('')

/** A character that would make a word beside it another word: a regular expression, for the flag `u`. */
export const wordPart = String.raw`(?![${unspaced}])[\p{L}\p{N}\p{M}_]`

const alone = new RegExp(`^${wordPart}$`, 'u')
const isWordPart = (character: string): boolean => alone.test(character)

const characterBefore = (text: string, index: number): string => Array.from(text.slice(Math.max(0, index - 2), index)).at(-1) ?? ''
const characterAfter = (text: string, index: number): string => Array.from(text.slice(index, index + 2))[0] ?? ''

/** Whether a word or a number goes on across this place of a text. */
export const isInsideWord = (text: string, index: number): boolean =>
  isWordPart(characterBefore(text, index)) && isWordPart(characterAfter(text, index))
