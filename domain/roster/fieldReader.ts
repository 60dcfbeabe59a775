import type { CustodySource } from './custody.ts'
import type { TakenFile } from './feedFiles.ts'
import type { MetadataSources } from './metadataSources.ts'
import type { Header } from './readHeader.ts'
import { isId, readId, splitList } from './readField.ts'
import type { Read } from './readField.ts'
import type { Fault, NoteCode, RejectCode } from './rejectCodes.ts'

/** Whether a reference resolves. Answers true where the feed alone cannot know. */
export type HasId = (file: TakenFile, sourcedId: string) => boolean

/** The tag (BCP 47) of a language by a tag, a code or a name of it; null for what is none, or could be more than one. */
export type ToLanguage = (word: string) => string | null

/** A district speaks so many languages. What a feed has beyond them is read each time, so that nothing in it makes us remember without end. */
const languagesRemembered = 500

/** No language has a longer name; a cell may be as long as its line. */
const rememberedCharactersMax = 100

/**
 * The fields of one line after the other, by name. What is wrong with a line is gathered, so that one reading shows all there is to mend. One reader serves all
 * lines of a file: a million of them are not to make ten functions each.
 */
export type FieldReader = {
  readonly custody: CustodySource | null
  /** Turns to the next line, of which nothing is known yet. */
  turnTo(cells: readonly string[]): void
  /** Of the line that is read, as are notes. Another line's are another array. */
  faults(): Fault[]
  notes(): NoteCode[]
  /** Undefined when it could not be understood. A column that the file does not have is blank. */
  read<T>(column: string, reader: (value: string) => Read<T>): T | undefined
  isBlank(column: string): boolean
  /** An id that must be there, and resolve. */
  refer(column: string, file: TakenFile): string | undefined
  /** The places of a list, by what they mean; those without a meaning are left out. */
  list<T>(column: string, toMeanings: (places: readonly string[]) => T[]): T[]
  /** Those ids of a list that resolve; each other is a fault, and does not touch the rest. */
  referToSome(column: string, file: TakenFile): string[]
  /** What the line says of custody, as it is written. */
  custodyWord(): string
  /** The language of whoever the line is of; null when it says none. What is no language is a fault that does not touch the rest. */
  language(): string | null
  fault(column: string, code: RejectCode, reference?: string): undefined
  note(note: NoteCode): void
}

export const createFieldReader = (header: Header, spec: MetadataSources & { hasId: HasId; toLanguage: ToLanguage }): FieldReader => {
  let cells: readonly string[] = []
  let faults: Fault[] = []
  let notes: NoteCode[] = []
  const cellOf = (column: string): string => {
    const position = header.positions.get(column)
    return position === undefined ? '' : (cells[position] ?? '')
  }
  const fault = (column: string, code: RejectCode, reference: string | null = null): undefined => {
    faults.push({ column, code, reference })
  }
  const read = <T>(column: string, reader: (value: string) => Read<T>): T | undefined => {
    const result = reader(cellOf(column))
    return 'value' in result ? result.value : fault(column, result.code)
  }
  const resolve = (column: string, file: TakenFile, id: string): boolean => {
    if (spec.hasId(file, id)) return true
    fault(column, 'reference-unresolved', id)
    return false
  }
  const { custody, languageColumn } = spec
  const languages = new Map<string, string | null>()
  const readLanguage = (word: string): string | null => {
    const known = languages.get(word)
    if (known !== undefined) return known
    const language = spec.toLanguage(word)
    if (languages.size < languagesRemembered && word.length <= rememberedCharactersMax) languages.set(word, language)
    return language
  }
  return {
    custody,
    turnTo: (next) => {
      cells = next
      faults = []
      notes = []
    },
    faults: () => faults,
    notes: () => notes,
    read,
    isBlank: (column) => cellOf(column) === '',
    refer: (column, file) => {
      const id = read(column, readId)
      return id !== undefined && resolve(column, file, id) ? id : undefined
    },
    referToSome: (column, file) =>
      splitList(cellOf(column)).filter((id) => {
        if (isId(id)) return resolve(column, file, id)
        fault(column, 'id-malformed')
        return false
      }),
    list: (column, toMeanings) => toMeanings(splitList(cellOf(column))),
    custodyWord: () => (custody === null ? '' : cellOf(custody.column)),
    language: () => {
      const word = languageColumn === null ? '' : cellOf(languageColumn).trim()
      if (languageColumn === null || word === '') return null
      const language = readLanguage(word)
      if (language === null) fault(languageColumn, 'language-unknown')
      return language
    },
    fault,
    note: (note) => notes.push(note),
  }
}
