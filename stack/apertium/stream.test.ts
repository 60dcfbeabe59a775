import { expect, test } from 'vitest'
import { fromStream, toStream } from './stream.ts'

test('whatever a line says comes back as it was, when nothing translates it', () => {
  for (const line of ['a [b] {c} ^d$ e/f @g <h> ~ *i #j +k', String.raw`\ \\ \[ \n`, '😀 👩‍👩‍👧 مرحبا', '~', String.raw`\~[~]`, '[]', ''])
    expect(fromStream(toStream(line))).toBe(line)
})
