const toCell = (cell: string | number, width: number): string =>
  typeof cell === 'number' ? String(cell).padStart(width) : cell.padEnd(width)

/** Rows one below the other, indented: words to the left, numbers to the right. */
export const toTextTable = (rows: readonly (readonly (string | number)[])[]): string => {
  const widths = (rows[0] ?? []).map((_, column) => Math.max(...rows.map((row) => String(row[column] ?? '').length)))
  return rows.map((row) => `  ${row.map((cell, column) => toCell(cell, widths[column] ?? 0)).join('  ')}`.trimEnd()).join('\n')
}
