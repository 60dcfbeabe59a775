/**
 * The payload key ring as a file: JSON `{ current, keys: { id: wrapped key in base64 } }`. It holds nothing that is of use without the
 * key service, so it may travel as configuration; in production it is mounted and nobody writes it.
 */
import { randomUUID } from 'node:crypto'
import { link, mkdir, readFile, rename, rm, writeFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { createKeyRing, parseWrappedKeyRing, unwrapKeyRing } from '../crypto/payloadKeyRing.ts'
import type { PayloadKeyRing, WrappedKeyRing } from '../crypto/payloadKeyRing.ts'
import type { KeyService } from '../domain/ports.ts'

/** Reads the file and unwraps every key. Rejects when the file is missing or no ring, or a key does not unwrap. */
export const loadPayloadKeyRing = async (keys: KeyService, path: string): Promise<PayloadKeyRing> =>
  unwrapKeyRing(keys, await readPayloadKeyRing(path))

/** Makes the file with one new key if there is none. Safe to call twice and from several processes: the first file stays. */
export const ensurePayloadKeyRing = async (keys: KeyService, path: string): Promise<void> => {
  if (await isReadable(path)) return
  const draft = await writeDraft(path, await createKeyRing(keys))
  try {
    // A hard link, unlike a rename, never replaces what is there.
    await link(draft, path)
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error
  } finally {
    await rm(draft, { force: true })
  }
}

/** Puts a changed ring in the place of the old one, whole or not at all. For one operator at a time. */
export const replacePayloadKeyRing = async (path: string, ring: WrappedKeyRing): Promise<void> => rename(await writeDraft(path, ring), path)

/** The ring as it lies in the file, still wrapped. */
export const readPayloadKeyRing = async (path: string): Promise<WrappedKeyRing> => parseWrappedKeyRing(await readFile(path, 'utf8'))

const writeDraft = async (path: string, ring: WrappedKeyRing): Promise<string> => {
  await mkdir(dirname(path), { recursive: true })
  const draft = join(dirname(path), `.${randomUUID()}.draft`)
  await writeFile(draft, `${JSON.stringify(ring, null, 2)}\n`, { mode: 0o600, flag: 'wx', flush: true })
  return draft
}

const isReadable = async (path: string): Promise<boolean> => {
  try {
    await readPayloadKeyRing(path)
    return true
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return false
    // A damaged ring is never replaced: every history would become unreadable.
    throw error
  }
}
