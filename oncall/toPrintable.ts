/** Control characters, and those that turn the direction of writing: what is shown could redraw the terminal, or read as something else. */
const unprintable = /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/gu

/** Text for a terminal. Of what is no text it keeps the line breaks. */
export const toPrintable = (text: string): string => text.replace(unprintable, (character) => (character === '\n' ? character : '�'))

/** A document for a terminal or a program: the same characters, escaped, so that it says what it said. */
export const toPrintableJson = (document: object): string =>
  JSON.stringify(document, null, 2).replace(unprintable, (character) =>
    character === '\n'
      ? character
      : Array.from({ length: character.length }, (_, index) => `\\u${character.charCodeAt(index).toString(16).padStart(4, '0')}`).join(''),
  )
