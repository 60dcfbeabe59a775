import { Readable } from 'node:stream'
import yauzl from 'yauzl'
import { toChunks, type Content } from './content.ts'

/** Lets yauzl read a zip where it lies. */
export class RangeReader extends yauzl.RandomAccessReader {
  readonly #content: Content
  constructor(content: Content) {
    super()
    this.#content = content
  }
  override _readStreamForRange(start: number, end: number): Readable {
    return Readable.from(toChunks(this.#content, start, end))
  }
  override read(into: Buffer, offset: number, bytes: number, position: number, done: (error: Error | null) => void): void {
    try {
      const isWhole = this.#content.copy(into.subarray(offset, offset + bytes), position) === bytes
      setImmediate(done, isWhole ? null : new Error('the file ends before'))
    } catch (error) {
      setImmediate(done, error as Error)
    }
  }
}
