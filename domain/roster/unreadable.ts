/** Why nothing of a feed is applied, and what its maker does about it. */
export const unreadableCodes = {
  'zip-damaged': 'send the file again: it is no zip, or was cut or changed on its way',
  'zip-entry-path': 'zip the files themselves, not a folder: no path, no hidden files beside them',
  'zip-entry-not-a-file': 'zip ordinary files: no links, no devices',
  'zip-entry-encrypted': 'send the zip without a password: it travels over TLS',
  'zip-entry-duplicate': 'have each file in the zip once',
  'zip-too-many-entries': 'send the files of OneRoster and no others',
  'zip-too-large': 'send at most 2 GB unpacked: ask us when the district is larger',
  'zip-packed-too-well': 'send real rows: what is packed this tightly is refused as a zip bomb',
  'manifest-missing': 'add manifest.csv',
  'manifest-header': 'let the first line of manifest.csv be exactly propertyName,value',
  'manifest-row': 'write each property once, as name,value',
  'manifest-version': 'write manifest.version,1.0 and oneroster.version,1.1 or 1.2',
  'manifest-file-unknown': 'name only files of this version of OneRoster, as file.<name>',
  'manifest-mode': 'say bulk, delta or absent for each file',
  'file-missing': 'add the file, or say absent for it in the manifest',
  'file-extra': 'name the file in the manifest as bulk or delta, or leave it out',
  'file-refused': 'leave demographics.csv out, and say absent: Hallpass takes no birth date, sex or race',
  'not-utf-8': 'export as UTF-8',
  'line-too-long': 'end each row with a line break; a row has at most 65,536 characters',
  'header-missing': 'let the first line name the columns',
  'header-column-unknown': 'name columns as OneRoster does, letter by letter; columns of your own begin with metadata.',
  'header-column-missing': 'add the column',
  'header-column-duplicate': 'have each column once',
  'rows-missing': 'export again: a bulk file without rows would mean that nobody is left',
  'rows-damaged': 'export again: more than 5 % of the lines do not fit the header',
  'rows-too-many': 'send at most 5,000,000 rows a file: ask us when the district is larger',
} as const satisfies Record<string, string>
export type UnreadableCode = keyof typeof unreadableCodes

/** Where it was seen. `column` counts from 1; `columnName` is OneRoster's own word, never what stood there: a first line that is no header is a person's row. */
export type UnreadableAt = { file?: string; line?: number; column?: number; columnName?: string }

/** The feed cannot be understood, so nothing of it may be applied, whatever was read of it before. Holds no value of a row. */
export class FeedUnreadable extends Error {
  override readonly name = 'FeedUnreadable'
  readonly code: UnreadableCode
  readonly at: UnreadableAt
  constructor(code: UnreadableCode, at: UnreadableAt = {}, options: { cause?: unknown } = {}) {
    super(toSentence(code, at), options)
    this.code = code
    this.at = at
  }
  get mend(): string {
    return unreadableCodes[this.code]
  }
}

const toSentence = (code: UnreadableCode, { file, line, column, columnName }: UnreadableAt): string => {
  const place = [
    file === undefined ? null : file,
    line === undefined ? null : `line ${line}`,
    column === undefined ? null : `column ${column}`,
    columnName === undefined ? null : column === undefined ? columnName : `probably ${columnName}`,
  ].filter((part) => part !== null)
  return place.length === 0 ? code : `${code}: ${place.join(', ')}`
}
