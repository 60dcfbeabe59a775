/**
 * One encoding for the texts that associated data binds: each part as UTF-8 behind its length (4 bytes, big endian), so that no two
 * lists of parts share an encoding ("ab","c" is not "a","bc").
 */
export const joinParts = (parts: readonly string[]): Buffer =>
  Buffer.concat(
    parts.flatMap((part) => {
      const bytes = Buffer.from(part, 'utf8')
      const length = Buffer.alloc(4)
      length.writeUInt32BE(bytes.length)
      return [length, bytes]
    }),
  )
