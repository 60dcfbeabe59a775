/** A cell of a CSV file, quoted; one that a spreadsheet would take for a formula gets an apostrophe in front (OWASP, CSV injection): an id may begin with `-` or `@`. */
export const toCsvCell = (value: string): string => `"${(/^[=+\-@\t\r]/.test(value) ? `'${value}` : value).replaceAll('"', '""')}"`
