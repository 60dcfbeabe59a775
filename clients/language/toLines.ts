/** The lines of a text, without what is around them, and no empty ones. */
export const toLines = (text: string): readonly string[] =>
  text
    .split('\n')
    .map((line) => line.trim())
    .filter((line) => line !== '')
