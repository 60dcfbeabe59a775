import { createHash } from 'node:crypto'
import { Transform } from 'node:stream'
import { callbackify } from 'node:util'
import type { SpoolWriter } from './spool/spoolWriter.ts'

export type SpoolingStream = Transform & {
  /** Lower-case hex of everything that went by. @throws when the stream has not ended after exactly the promised bytes. */
  sha256(): string
}

/**
 * Passes bytes on while hashing them and writing them to a spool: each chunk goes on when it is written, so the three see the same bytes.
 * Breaks when there are more, or fewer, than `bytes`, and when the spool takes no more.
 */
export const createSpoolingStream = (spool: SpoolWriter, bytes: number): SpoolingStream => {
  const hash = createHash('sha256')
  let passed = 0
  let digest: string | null = null
  const write = callbackify(async (chunk: Buffer) => {
    await spool.write(chunk)
    return chunk
  })
  const end = callbackify(async () => {
    await spool.end()
    digest = hash.digest('hex')
  })
  const stream = new Transform({
    transform(chunk: Buffer, _encoding, done) {
      passed += chunk.length
      if (passed > bytes) return done(new RangeError('more bytes than the store announced'))
      hash.update(chunk)
      write(chunk, done)
    },
    flush(done) {
      if (passed !== bytes) return done(new RangeError('fewer bytes than the store announced'))
      end(done)
    },
  })
  const sha256 = (): string => {
    if (digest === null) throw new Error('the stream has not ended')
    return digest
  }
  return Object.assign(stream, { sha256 })
}
