import { createHash } from 'node:crypto'
import { Readable } from 'node:stream'
import { buffer } from 'node:stream/consumers'
import { describe, expect, it } from 'vitest'
import { createHashCheck } from './hashCheck.ts'

const chunks = [Buffer.from('one '), Buffer.from('two')]
const sha256 = createHash('sha256').update('one two').digest('hex')

describe('createHashCheck', () => {
  it('lets the inspected bytes through', async () => {
    expect(String(await buffer(Readable.from(chunks).pipe(createHashCheck(sha256))))).toBe('one two')
  })

  it('breaks instead of ending when the bytes are others', async () => {
    await expect(buffer(Readable.from([...chunks, Buffer.from('!')]).pipe(createHashCheck(sha256)))).rejects.toMatchObject({
      type: 'HashMismatch',
      nonRetryable: true,
    })
  })
})
