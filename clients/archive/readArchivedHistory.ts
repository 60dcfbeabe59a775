import { buffer } from 'node:stream/consumers'
import { createGunzip } from 'node:zlib'
import { pipeline, Readable } from 'node:stream'
import { toArchiveAssociatedData, toArchiveKeyContext, type RunRef } from '../../crypto/archiveBinding.ts'
import { createDecryptStream } from '../../crypto/tinkStreamDecrypt.ts'
import type { KeyService, ObjectBucket, StoredObject } from '../../domain/ports.ts'
import { splitArchive } from './archiveHeader.ts'
import { archiveKeyName, toArchivedRunId, toArchivePrefix } from './archiveKey.ts'

export type ArchiveReader = {
  /** Seen with a credential that may read it: the worker's may not. */
  archive: Pick<ObjectBucket, 'versionsUnder' | 'read'>
  keys: Pick<KeyService, 'unwrapDataKey'>
}

/** A history in the JSON of `temporal workflow show --output json`, payloads still encrypted; `Worker.runReplayHistory` takes it as it is. */
export type ArchivedHistory = RunRef & { history: { events: unknown[] } }

/**
 * Reads a history back from the archive, also after the server has forgotten the run. Without `runId`: the run under this workflow id that closed last. Null
 * when there is none. What was written first counts, whatever was written over it later.
 * @throws ArchiveUnreadable, StreamUnreadable, or what the key service says, when it does not open.
 */
export const readArchivedHistory = async (
  { archive, keys }: ArchiveReader,
  { workflowId, runId }: { workflowId: string; runId?: string },
): Promise<ArchivedHistory | null> => {
  const found = await findArchived(archive, workflowId, runId)
  if (found === null) return null
  const run = { workflowId, runId: found.runId }
  const { wrapped, ciphertext } = splitArchive(await buffer(await archive.read(found.key, { versionId: found.versionId })))
  const key = await keys.unwrapDataKey(archiveKeyName, wrapped, toArchiveKeyContext(run))
  try {
    const opened = pipeline(
      Readable.from([ciphertext]),
      createDecryptStream(key, toArchiveAssociatedData(run)),
      createGunzip(),
      () => undefined,
    )
    const lines = (await buffer(opened)).toString('utf8').split('\n')
    return { ...run, history: { events: lines.filter((line) => line !== '').map((line): unknown => JSON.parse(line)) } }
  } finally {
    key.fill(0)
  }
}

/** Keys stand in the order of their closing times; of one key the store lists the newest version first. */
const findArchived = async (
  archive: ArchiveReader['archive'],
  workflowId: string,
  runId: string | undefined,
): Promise<(StoredObject & { runId: string }) | null> => {
  let found: (StoredObject & { runId: string }) | null = null
  for await (const version of archive.versionsUnder(toArchivePrefix(workflowId))) {
    const archivedRunId = toArchivedRunId(version.key)
    if (archivedRunId !== null && (runId ?? archivedRunId) === archivedRunId) found = { ...version, runId: archivedRunId }
  }
  return found
}
