import fc from 'fast-check'

const place = fc.double({ min: 0, max: 0.999, noNaN: true })

/** What befalls a file: a byte changes, a piece is lost or comes twice, a length becomes as large as it can be. Places and lengths are shares of it. */
export const mutation = fc.oneof(
  fc.record({ kind: fc.constant('flip' as const), at: place, bits: fc.integer({ min: 1, max: 255 }) }),
  fc.record({ kind: fc.constant('cut' as const), at: place, share: fc.double({ min: 0, max: 0.5, noNaN: true }) }),
  fc.record({ kind: fc.constant('repeat' as const), at: place, share: fc.double({ min: 0, max: 0.3, noNaN: true }) }),
  fc.record({ kind: fc.constant('huge' as const), at: place }),
)

export type Mutation = typeof mutation extends fc.Arbitrary<infer Made> ? Made : never

/** The file with this done to it; the one that is given stays as it is. */
export const mutate = (content: Buffer, change: Mutation): Buffer => {
  const at = Math.floor(change.at * content.length)
  const changed = Buffer.from(content)
  switch (change.kind) {
    case 'flip':
      changed.fill((content[at] ?? 0) ^ change.bits, at, Math.min(at + 1, content.length))
      return changed
    case 'cut':
      return Buffer.concat([content.subarray(0, at), content.subarray(at + Math.floor(change.share * content.length))])
    case 'repeat':
      return Buffer.concat([content.subarray(0, at + Math.floor(change.share * content.length)), content.subarray(at)])
    case 'huge':
    default:
      return changed.fill(0xff, at, Math.min(at + 4, content.length))
  }
}
