import { createHash } from 'node:crypto'
import { tmpdir } from 'node:os'
import { Readable } from 'node:stream'
import { buffer } from 'node:stream/consumers'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { openSpool, type Spool } from './spool/openSpool.ts'
import { readSpool } from './spool/readSpool.ts'
import { createSpoolWriter } from './spool/spoolWriter.ts'
import { createSpoolingStream } from './spoolingStream.ts'

let spool: Spool
beforeEach(async () => {
  spool = await openSpool(tmpdir())
})
afterEach(() => spool.close())

const read = (bytes: number) => {
  const stream = createSpoolingStream(createSpoolWriter(spool), bytes)
  const source = Readable.from([Buffer.from('one '), Buffer.from('two')])
  return { stream, passed: buffer(source.pipe(stream)) }
}

describe('createSpoolingStream', () => {
  it('keeps exactly what went by, and its hash', async () => {
    const { stream, passed } = read(7)
    expect(String(await passed)).toBe('one two')
    expect(String(await buffer(readSpool(spool, 7)))).toBe('one two')
    expect(stream.sha256()).toBe(createHash('sha256').update('one two').digest('hex'))
  })

  it.each([6, 8])('breaks when %i bytes were announced and 7 come', async (bytes) => {
    await expect(read(bytes).passed).rejects.toThrow(RangeError)
  })

  it('gives no hash out before its end', () => {
    expect(() => createSpoolingStream(createSpoolWriter(spool), 3).sha256()).toThrow('not ended')
  })
})
