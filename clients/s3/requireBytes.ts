import { addAbortSignal, pipeline, Transform } from 'node:stream'
import type { Readable } from 'node:stream'
import type { ObjectBody } from '../../domain/ports.ts'

/** The store closed the body before, or sent more than, the length that it announced. */
export class ObjectTruncated extends Error {
  override readonly name = 'ObjectTruncated'
}

/** `body`, failing with ObjectTruncated instead of ending unless exactly `bytes` bytes went by. Aborting destroys both. */
export const requireBytes = (body: Readable, bytes: number, signal?: AbortSignal): ObjectBody => {
  let seen = 0
  const checked = new Transform({
    transform(chunk: Buffer, _encoding, done) {
      seen += chunk.length
      done(seen > bytes ? new ObjectTruncated('the object is longer than announced') : null, chunk)
    },
    flush(done) {
      done(seen === bytes ? null : new ObjectTruncated('the object ended early'))
    },
  })
  // The error reaches the reader of `checked`; the callback only keeps it from being thrown a second time.
  pipeline(body, checked, () => {})
  if (signal !== undefined) addAbortSignal(signal, checked)
  return Object.assign(checked, { bytes })
}
