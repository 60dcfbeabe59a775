import { createHash } from 'node:crypto'
import { Readable } from 'node:stream'
import { buffer } from 'node:stream/consumers'
import { describe, expect, it } from 'vitest'
import { createKeepingStream } from './keepingStream.ts'

const read = (bytes: number) => {
  const stream = createKeepingStream(bytes)
  const source = Readable.from([Buffer.from('one '), Buffer.from('two')])
  return { stream, passed: buffer(source.pipe(stream)) }
}

describe('createKeepingStream', () => {
  it('keeps exactly what went by, and its hash', async () => {
    const { stream, passed } = read(7)
    expect(String(await passed)).toBe('one two')
    expect(String(stream.content())).toBe('one two')
    expect(stream.sha256()).toBe(createHash('sha256').update('one two').digest('hex'))
  })

  it.each([6, 8])('breaks when %i bytes were announced and 7 come', async (bytes) => {
    await expect(read(bytes).passed).rejects.toThrow(RangeError)
  })

  it('gives nothing out before its end', () => {
    expect(() => createKeepingStream(3).content()).toThrow('not ended')
    expect(() => createKeepingStream(3).sha256()).toThrow('not ended')
  })
})
