/** The value of a hexadecimal digit; above every base when it is none. */
const toDigit = (byte: number | undefined): number => {
  if (byte === undefined) return 99
  if (byte >= 0x30 && byte <= 0x39) return byte - 0x30
  const letter = byte | 0x20
  return letter >= 0x61 && letter <= 0x66 ? letter - 0x61 + 10 : 99
}

/** The character reference that begins at `at` with `&#`, or null when there is none. */
const readReference = (xml: Buffer, at: number): { point: number; end: number } | null => {
  const isHex = xml[at + 2] === 0x78 || xml[at + 2] === 0x58
  const base = isHex ? 16 : 10
  let point = 0
  let end = at + (isHex ? 3 : 2)
  const from = end
  for (let digit = toDigit(xml[end]); digit < base; digit = toDigit(xml[end])) {
    point = Math.min(point * base + digit, 0x110000)
    end += 1
  }
  return end > from && xml[end] === 0x3b && point > 0 && point <= 0x10ffff ? { point, end: end + 1 } : null
}

/**
 * UTF-8 text with `&#68;` and `&#x44;` turned into what they stand for, however many zeros are in front, so that a word spelt in references
 * is found too. What stands for no character stays. In one pass and at most one copy: a reference is longer than its character.
 */
export const decodeReferences = (xml: Buffer): Buffer => {
  let at = xml.indexOf('&#')
  if (at === -1) return xml
  const decoded = Buffer.allocUnsafe(xml.length)
  let read = 0
  let written = 0
  for (; at !== -1; at = xml.indexOf('&#', at)) {
    const reference = readReference(xml, at)
    at += 2
    if (reference === null) continue
    written += xml.copy(decoded, written, read, at - 2)
    written += decoded.write(String.fromCodePoint(reference.point), written)
    at = reference.end
    read = at
  }
  written += xml.copy(decoded, written, read)
  return decoded.subarray(0, written)
}
