import fc from 'fast-check'
import { expect, test } from 'vitest'
import { toCopyLine } from './copyRows.ts'

const unescaped: Readonly<Record<string, string>> = { t: '\t', n: '\n', r: '\r', '\\': '\\' }

/** As PostgreSQL reads a line: first where fields end, then what each of them stands for. */
const read = (line: string): (string | null)[] =>
  line
    .slice(0, -1)
    .split('\t')
    .map((field) => (field === '\\N' ? null : field.replace(/\\(.)/g, (_, letter: string) => unescaped[letter] ?? letter)))

test('a line of COPY has each value in its own column as it was, also an empty one and one with what COPY gives a meaning to', () => {
  const value = fc.oneof(fc.constant(null), fc.string(), fc.string({ unit: fc.constantFrom('\\', '\t', '\n', '\r', 'N', 't', '.', '') }))
  fc.assert(
    fc.property(fc.array(value, { minLength: 1, maxLength: 6 }), (values) => {
      const line = toCopyLine(values)
      expect(line.indexOf('\n')).toBe(line.length - 1)
      expect(line.includes('\r')).toBe(false)
      expect(read(line)).toEqual(values)
    }),
  )
  expect(toCopyLine([true, false, 7, ''])).toBe('t\tf\t7\t\n')
})
