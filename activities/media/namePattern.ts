const toChoice = (letter: string): string => {
  const hex = letter.charCodeAt(0).toString(16)
  const anyCase = hex.replaceAll(/[a-f]/g, (digit) => `[${digit}${digit.toUpperCase()}]`)
  return `(?:${letter}|#${anyCase})`
}

/**
 * A pattern for any of the PDF names `/name`, each of whose characters may be written `#hh` (ISO 32000-1, 7.3.5), and which must
 * end there: `/Encrypt` is not `/EncryptMetadata`.
 */
export const toNamePattern = (names: readonly string[]): RegExp => {
  const choices = names.map((name) => Array.from(name, toChoice).join(''))
  return new RegExp(`/(?:${choices.join('|')})(?=[\\s\\0()<>[\\]{}/%]|$)`)
}
