import { contentTypes, type CorpusFile } from './corpusFile.ts'

/** A name that ends in one of the extensions that may be sent, which is also the type that the client declares; how it ends; its bytes. */
export type HostileRow = readonly [name: string, expected: CorpusFile['expected'], make: () => Buffer | Promise<Buffer>]

const typeOf = (name: string): string => {
  const extension = name.slice(name.lastIndexOf('.') + 1)
  if (extension === 'jpg') return contentTypes.jpeg
  if (!Object.hasOwn(contentTypes, extension)) throw new RangeError(`no type for ${name}`)
  return contentTypes[extension as keyof typeof contentTypes]
}

const senders = ['student', 'guardian', 'teacher'] as const

export const toCorpusFiles = (rows: readonly HostileRow[]): CorpusFile[] =>
  rows.map(([name, expected, make], index) => ({
    name,
    contentType: typeOf(name),
    by: senders[index % senders.length] ?? 'student',
    journey: 'upload',
    expected,
    make: async () => make(),
  }))
