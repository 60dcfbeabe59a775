import { createHash } from 'node:crypto'
import { Transform } from 'node:stream'

export type KeepingStream = Transform & {
  /** Everything that went by. @throws when the stream has not ended after exactly the promised bytes. */
  content(): Buffer
  /** Lower-case hex, under the same condition. */
  sha256(): string
}

/** Passes bytes on while hashing them and keeping a copy. Breaks when there are more, or fewer, than `bytes`. */
export const createKeepingStream = (bytes: number): KeepingStream => {
  const content = Buffer.allocUnsafe(bytes)
  const hash = createHash('sha256')
  let kept = 0
  let digest: string | null = null
  const requireDigest = (): string => {
    if (digest === null) throw new Error('the stream has not ended')
    return digest
  }
  const stream = new Transform({
    transform(chunk: Buffer, _encoding, done) {
      if (kept + chunk.length > bytes) return done(new RangeError('more bytes than the store announced'))
      chunk.copy(content, kept)
      kept += chunk.length
      hash.update(chunk)
      done(null, chunk)
    },
    flush(done) {
      if (kept !== bytes) return done(new RangeError('fewer bytes than the store announced'))
      digest = hash.digest('hex')
      done()
    },
  })
  return Object.assign(stream, { content: () => (requireDigest(), content), sha256: requireDigest })
}
