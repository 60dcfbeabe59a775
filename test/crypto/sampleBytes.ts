/** Bytes that repeat nowhere within a segment, the same on every machine: byte i is the low byte of i · 31 + ⌊i / 256⌋. */
export const sampleBytes = (size: number): Buffer => {
  const bytes = Buffer.alloc(size)
  for (let at = 0; at < size; at++) bytes[at] = (at * 31 + (at >> 8)) & 0xff
  return bytes
}
