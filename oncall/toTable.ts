import { toPrintable } from './toPrintable.ts'

const toCell = (text: string): string => toPrintable(text).replaceAll('\n', '�')

/** Rows under their titles, in columns as wide as they need to be. The last column is not padded. */
export const toTable = (titles: readonly string[], rows: readonly (readonly (string | number | null)[])[]): string => {
  const cells = [titles, ...rows].map((row) => row.map((cell) => (cell === null || cell === '' ? '-' : toCell(String(cell)))))
  const widths = titles.map((_, column) => Math.max(...cells.map((row) => row[column]?.length ?? 0)))
  return cells
    .map(
      (row) =>
        `${row
          .map((cell, column) => cell.padEnd(widths[column] ?? 0))
          .join('  ')
          .trimEnd()}\n`,
    )
    .join('')
}
