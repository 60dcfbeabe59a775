import { buffer } from 'node:stream/consumers'
import { Readable } from 'node:stream'
import { ZipFile } from 'yazl'

export type ZipEntry = { path: string; content: Buffer | string; stored?: boolean }

/** An ordinary zip whose bytes do not depend on when it is made. */
export const makeZip = async (entries: readonly ZipEntry[]): Promise<Buffer> => {
  const zip = new ZipFile()
  for (const { path, content, stored } of entries) {
    zip.addBuffer(Buffer.from(content), path, { mtime: new Date(Date.UTC(2000, 0, 1)), forceDosTimestamp: true, compress: stored !== true })
  }
  zip.end()
  return buffer(Readable.from(zip.outputStream))
}
