import fc from 'fast-check'
import { expect, test } from 'vitest'
import { toPrintable, toPrintableJson } from './toPrintable.ts'

const hostile = ['\u001b[2J', '\u009b2J', '\u007f', '\r', '\u0007', '\u202e', '\u2066', '\u2028', '\u{e0041}'].join('x')
const dangerous = /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/u

test('what is shown cannot redraw the terminal or turn the direction of writing', () => {
  expect(toPrintable(`${hostile}\nnext`)).toBe('�[2Jx�2Jx�x�x�x�x�x�x�\nnext')
})

test('a document with such characters says what it said, without showing one', () => {
  fc.assert(
    fc.property(fc.oneof(fc.constant(hostile), fc.string({ unit: 'binary' })), (text) => {
      const shown = toPrintableJson({ [text]: [text] })
      expect(JSON.parse(shown)).toEqual({ [text]: [text] })
      expect(dangerous.test(shown.replaceAll('\n', ''))).toBe(false)
    }),
  )
})
