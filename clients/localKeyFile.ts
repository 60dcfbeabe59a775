/**
 * The key service of loopback stacks and tests: a folder (mode 0700) with one file (mode 0600) per key version, on this machine's disk.
 * It gives what AWS KMS gives over the same port, except what only hardware gives; so it refuses to exist in production.
 */
import { createCipheriv, createDecipheriv, createPrivateKey, createPublicKey, generateKeyPairSync, randomBytes, sign } from 'node:crypto'
import type { KeyObject } from 'node:crypto'
import { chmod, mkdir } from 'node:fs/promises'
import { joinParts } from '../crypto/joinParts.ts'
import type { KeyContext, KeyService } from '../domain/ports.ts'
import { KeyRefused } from './keyRefused.ts'
import { createKeyVersion, newestKeyVersion, readKeyVersion } from './keyVersionFile.ts'
import type { KeyPurpose, KeyVersion } from './keyVersionFile.ts'

/** Beyond the port: a new version wraps from now on, older ones still unwrap (AWS KMS does this by its rotation schedule). */
export type LocalKeyService = KeyService & { rotateKey(keyName: string): Promise<void> }

const nonceBytes = 12
const tagBytes = 16
const versionBytes = 4

/**
 * Opens or creates the folder. Several processes may share it.
 * @throws when `NODE_ENV` or `HALLPASS_ENV` is `production`.
 */
export const openLocalKeyService = async (folder: string, env: NodeJS.ProcessEnv = process.env): Promise<LocalKeyService> => {
  if (env['NODE_ENV'] === 'production' || env['HALLPASS_ENV'] === 'production')
    throw new Error('keys on a local disk are not for production')
  await mkdir(folder, { recursive: true, mode: 0o700 })
  await chmod(folder, 0o700)
  const current = async (keyName: string, purpose: KeyPurpose): Promise<KeyVersion> => {
    const key = await readKeyVersion(folder, keyName, await newestKeyVersion(folder, keyName))
    return requirePurpose(key, purpose)
  }
  const signer = async (keyName: string): Promise<KeyObject> =>
    createPrivateKey({ key: Buffer.from((await current(keyName, 'sign')).material, 'base64'), format: 'der', type: 'pkcs8' })

  const open = async (keyName: string, wrapped: Buffer, context: KeyContext): Promise<Buffer> => {
    if (wrapped.length !== versionBytes + nonceBytes + 32 + tagBytes) throw new KeyRefused('not a wrapped key')
    const key = await readKeyVersion(folder, keyName, wrapped.readUInt32BE(0))
    return unwrap(requirePurpose(key, 'encrypt'), context, wrapped)
  }

  return {
    async ensureKey(keyName, purpose) {
      if ((await newestKeyVersion(folder, keyName)) === 0) await createKeyVersion(folder, newKeyVersion(keyName, 1, purpose))
      await current(keyName, purpose)
    },
    async rotateKey(keyName) {
      const { version } = await current(keyName, 'encrypt')
      await createKeyVersion(folder, newKeyVersion(keyName, version + 1, 'encrypt'))
    },
    async generateDataKey(keyName, context) {
      const plaintext = randomBytes(32)
      return { plaintext, wrapped: wrap(await current(keyName, 'encrypt'), context, plaintext) }
    },
    unwrapDataKey: open,
    async rewrapDataKey(keyName, wrapped, context) {
      const plaintext = await open(keyName, wrapped, context)
      try {
        return wrap(await current(keyName, 'encrypt'), context, plaintext)
      } finally {
        plaintext.fill(0)
      }
    },
    async sign(keyName, message) {
      return sign('sha256', message, { key: await signer(keyName), dsaEncoding: 'der' })
    },
    async publicKey(keyName) {
      return createPublicKey(await signer(keyName))
        .export({ format: 'pem', type: 'spki' })
        .toString()
    },
  }
}

const requirePurpose = (key: KeyVersion, purpose: KeyPurpose): KeyVersion => {
  if (key.purpose !== purpose) throw new KeyRefused(`the key is not one to ${purpose} with`)
  return key
}

const newKeyVersion = (keyName: string, version: number, purpose: KeyPurpose): KeyVersion => {
  const material =
    purpose === 'encrypt'
      ? randomBytes(32)
      : generateKeyPairSync('ec', { namedCurve: 'P-256' }).privateKey.export({ format: 'der', type: 'pkcs8' })
  return { keyName, version, purpose, material: material.toString('base64') }
}

/** Wrapped bytes: key version (4, big endian) · nonce (12) · ciphertext (32) · tag (16). */
const wrap = (key: KeyVersion, context: KeyContext, plaintext: Buffer): Buffer => {
  const nonce = randomBytes(nonceBytes)
  const cipher = createCipheriv('aes-256-gcm', Buffer.from(key.material, 'base64'), nonce)
  cipher.setAAD(toAssociatedData(key, context))
  const ciphertext = cipher.update(plaintext)
  cipher.final()
  const version = Buffer.alloc(versionBytes)
  version.writeUInt32BE(key.version)
  return Buffer.concat([version, nonce, ciphertext, cipher.getAuthTag()])
}

const unwrap = (key: KeyVersion, context: KeyContext, wrapped: Buffer): Buffer => {
  const body = wrapped.subarray(versionBytes)
  const options = { authTagLength: tagBytes }
  const decipher = createDecipheriv('aes-256-gcm', Buffer.from(key.material, 'base64'), body.subarray(0, nonceBytes), options)
  decipher.setAAD(toAssociatedData(key, context))
  decipher.setAuthTag(body.subarray(-tagBytes))
  const plaintext = decipher.update(body.subarray(nonceBytes, -tagBytes))
  try {
    decipher.final()
  } catch {
    throw new KeyRefused('wrapped for another context, by another key, or damaged')
  }
  return plaintext
}

/** The context counts as a set, as in KMS: the order in which a caller wrote it does not matter. */
const toAssociatedData = ({ keyName, version }: KeyVersion, context: KeyContext): Buffer => {
  const pairs = Object.entries(context).toSorted(([one], [other]) => (one < other ? -1 : 1))
  return joinParts([keyName, String(version), ...pairs.flat()])
}
