import { expect, it } from 'vitest'
import { toTable } from './toTable.ts'

it('stands in columns, and leaves nothing at the ends of lines', () => {
  expect(
    toTable(
      ['A', 'LONGER'],
      [
        ['long', 1],
        [null, ''],
      ],
    ),
  ).toBe('A     LONGER\nlong  1\n-     -\n')
})

it('lets nothing that is shown redraw the terminal', () => {
  expect(toTable(['A'], [['\u001b[2Jgone\r\nnew']])).toBe('A\n�[2Jgone��new\n')
})
