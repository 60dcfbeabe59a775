import { pipeline, Readable } from 'node:stream'
import { createGzip } from 'node:zlib'
import { toArchiveAssociatedData, toArchiveKeyContext } from '../../crypto/archiveBinding.ts'
import { createEncryptStream } from '../../crypto/tinkStreamEncrypt.ts'
import type { KeyService, ObjectBucket } from '../../domain/ports.ts'
import { toArchiveHeader } from './archiveHeader.ts'
import { archiveKeyName, toArchiveKey, type ClosedRun } from './archiveKey.ts'

export type ArchiveWriter = { archive: Pick<ObjectBucket, 'listVersions' | 'write'>; keys: Pick<KeyService, 'generateDataKey'> }

/**
 * Seals the history of a closed run into the archive (law 7): its events as JSON, a line each, in the form of `temporal workflow show --output json`; gzip;
 * encrypted under a fresh key (law 10). Payloads and failures in it stay encrypted as the run's own codec left them. Answers false when it lies there already.
 * A failure leaves nothing.
 */
export const writeArchivedHistory = async (
  { archive, keys }: ArchiveWriter,
  run: ClosedRun,
  events: AsyncIterable<string>,
  { signal }: { signal?: AbortSignal } = {},
): Promise<boolean> => {
  const key = toArchiveKey(run)
  if ((await archive.listVersions(key)).length > 0) return false
  const { plaintext, wrapped } = await keys.generateDataKey(archiveKeyName, toArchiveKeyContext(run))
  try {
    const sealed = pipeline(
      Readable.from(toLines(events)),
      createGzip(),
      createEncryptStream(plaintext, toArchiveAssociatedData(run)),
      () => undefined,
    )
    await archive.write(key, Readable.from(withHeader(toArchiveHeader(wrapped), sealed)), signal === undefined ? {} : { signal })
    return true
  } finally {
    plaintext.fill(0)
  }
}

async function* toLines(events: AsyncIterable<string>): AsyncGenerator<string> {
  for await (const event of events) yield `${event}\n`
}

async function* withHeader(header: Buffer, body: AsyncIterable<Buffer>): AsyncGenerator<Buffer> {
  yield header
  yield* body
}
