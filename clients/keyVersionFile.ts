import { randomUUID } from 'node:crypto'
import { access, link, open, readFile, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { z } from 'zod'
import { KeyRefused } from './keyRefused.ts'
import { requireKeyName } from './keyName.ts'

/** What a key is for. A key of one purpose is never used for the other. */
export type KeyPurpose = 'encrypt' | 'sign'

/** `material` is base64: 32 raw bytes for `encrypt`, a PKCS #8 private key (DER) for `sign`. */
export type KeyVersion = { keyName: string; version: number; purpose: KeyPurpose; material: string }

const keyVersionSchema = z.strictObject({
  keyName: z.string(),
  version: z.int().positive(),
  purpose: z.enum(['encrypt', 'sign']),
  material: z.base64(),
})

const pathOf = (folder: string, keyName: string, version: number): string =>
  join(folder, `${encodeURIComponent(requireKeyName(keyName))}.v${version}.json`)

/** Reads one version of a key. @throws KeyRefused when there is none. */
export const readKeyVersion = async (folder: string, keyName: string, version: number): Promise<KeyVersion> => {
  const text = await readFile(pathOf(folder, keyName, version), 'utf8').catch((error: NodeJS.ErrnoException) => {
    throw error.code === 'ENOENT' ? new KeyRefused('no such key') : error
  })
  const read = keyVersionSchema.parse(JSON.parse(text))
  // A file renamed by hand must not turn one key into another.
  if (read.keyName !== keyName || read.version !== version) throw new KeyRefused('the key file holds another key')
  return read
}

/** The highest version of a key that exists, 0 when there is none. Versions have no gaps. */
export const newestKeyVersion = async (folder: string, keyName: string): Promise<number> => {
  for (let version = 0; ; version++) {
    const hasNext = await access(pathOf(folder, keyName, version + 1)).then(
      () => true,
      (error: NodeJS.ErrnoException) => {
        if (error.code === 'ENOENT') return false
        throw error
      },
    )
    if (!hasNext) return version
  }
}

/**
 * Writes a version that must not exist yet. Answers false when another process was first. The file appears whole or not at all: it is
 * written and synced under another name, and a hard link, unlike a rename, never replaces what is there.
 */
export const createKeyVersion = async (folder: string, key: KeyVersion): Promise<boolean> => {
  const draft = join(folder, `.${randomUUID()}.draft`)
  const file = await open(draft, 'wx', 0o600)
  try {
    await file.writeFile(JSON.stringify(key))
    await file.sync()
    await link(draft, pathOf(folder, key.keyName, key.version))
    return true
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EEXIST') return false
    throw error
  } finally {
    await file.close()
    await rm(draft, { force: true })
  }
}
