/**
 * Text of unknown origin, safe to write to a terminal: control characters, line separators and direction marks are
 * written out, and what is longer than `charactersMax` is cut between characters as people see them.
 */
export const showText = (text: string, charactersMax = 40): string => {
  // eslint-disable-next-line no-control-regex
  const visible = text.replace(/[\u0000-\u001f\u007f-\u009f\u200e\u200f\u2028-\u202e\u2066-\u2069]/g, (character) => {
    const code = character.codePointAt(0) ?? 0
    return `\\u${code.toString(16).padStart(4, '0')}`
  })
  const characters = [...new Intl.Segmenter('en', { granularity: 'grapheme' }).segment(visible)]
  if (characters.length <= charactersMax) return visible
  return `${characters
    .slice(0, charactersMax - 1)
    .map(({ segment }) => segment)
    .join('')}…`
}
