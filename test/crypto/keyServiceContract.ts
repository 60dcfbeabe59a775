import { createVerify, randomUUID } from 'node:crypto'
import { describe, expect, test } from 'vitest'
import { KeyRefused } from '../../clients/keyRefused.ts'
import type { KeyService } from '../../domain/ports.ts'

const newKeyName = (): string => `district/${randomUUID()}`
const context = { districtId: 'd1', epoch: '1' }

/** What every key service promises, whichever adapter: run once for each. */
export const describeKeyService = (name: string, open: () => Promise<KeyService>): void => {
  describe(`${name}, as a key service`, () => {
    test('a wrapped data key unwraps to the same 32 bytes under the same context, in any order', async () => {
      const keys = await open()
      const keyName = newKeyName()
      await keys.ensureKey(keyName, 'encrypt')
      const made = await keys.generateDataKey(keyName, context)
      expect(made.plaintext).toHaveLength(32)
      expect(made.wrapped.includes(made.plaintext)).toBe(false)
      expect(await keys.unwrapDataKey(keyName, made.wrapped, { epoch: '1', districtId: 'd1' })).toEqual(made.plaintext)
    })

    test('a wrapped data key is wrapped again without changing, and only under its own context', async () => {
      const keys = await open()
      const keyName = newKeyName()
      await keys.ensureKey(keyName, 'encrypt')
      const { wrapped, plaintext } = await keys.generateDataKey(keyName, context)
      const rewrapped = await keys.rewrapDataKey(keyName, wrapped, context)
      expect(rewrapped.equals(wrapped)).toBe(false)
      expect(await keys.unwrapDataKey(keyName, rewrapped, context)).toEqual(plaintext)
      await expect(keys.rewrapDataKey(keyName, wrapped, { ...context, epoch: '2' })).rejects.toThrow(KeyRefused)
      await expect(keys.rewrapDataKey(newKeyName(), wrapped, context)).rejects.toThrow(KeyRefused)
    })

    test('every data key is a new one', async () => {
      const keys = await open()
      const keyName = newKeyName()
      await keys.ensureKey(keyName, 'encrypt')
      const made = await Promise.all(Array.from({ length: 20 }, () => keys.generateDataKey(keyName, context)))
      expect(new Set(made.map(({ plaintext }) => plaintext.toString('hex'))).size).toBe(20)
    })

    test('a wrapped key does not unwrap under another context or another key, nor when a byte has changed', async () => {
      const keys = await open()
      const [keyName, otherName] = [newKeyName(), newKeyName()]
      await keys.ensureKey(keyName, 'encrypt')
      await keys.ensureKey(otherName, 'encrypt')
      const { wrapped } = await keys.generateDataKey(keyName, context)
      for (const wrong of [{ ...context, epoch: '2' }, { districtId: 'd1' }, { ...context, more: 'x' }, {}]) {
        await expect(keys.unwrapDataKey(keyName, wrapped, wrong)).rejects.toThrow(KeyRefused)
      }
      await expect(keys.unwrapDataKey(otherName, wrapped, context)).rejects.toThrow(KeyRefused)
      for (const at of [0, wrapped.length >> 1, wrapped.length - 1]) {
        const tampered = Buffer.from(wrapped)
        tampered.writeUInt8(tampered.readUInt8(at) ^ 1, at)
        await expect(keys.unwrapDataKey(keyName, tampered, context)).rejects.toThrow(KeyRefused)
      }
      await expect(keys.unwrapDataKey(keyName, wrapped.subarray(1), context)).rejects.toThrow(KeyRefused)
    })

    test('ensuring a key twice, or from many places at once, keeps the key that is there', async () => {
      const keyName = newKeyName()
      const services = await Promise.all(Array.from({ length: 8 }, open))
      await Promise.all(services.map((keys) => keys.ensureKey(keyName, 'encrypt')))
      const made = await Promise.all(services.map((keys) => keys.generateDataKey(keyName, context)))
      await Promise.all(services.map((keys) => keys.ensureKey(keyName, 'encrypt')))
      for (const { wrapped, plaintext } of made) {
        for (const keys of services) expect(await keys.unwrapDataKey(keyName, wrapped, context)).toEqual(plaintext)
      }
    })

    test('a key that was never made, or a name that cannot be one, is refused', async () => {
      const keys = await open()
      await expect(keys.generateDataKey(newKeyName(), context)).rejects.toThrow(KeyRefused)
      await expect(keys.unwrapDataKey(newKeyName(), Buffer.alloc(64), context)).rejects.toThrow(KeyRefused)
      await expect(keys.sign(newKeyName(), Buffer.from('x'))).rejects.toThrow(KeyRefused)
      for (const hostile of ['../escape', 'district/../fleet', 'District/x', '', 'a/b/c', 'a\0', 'district/']) {
        await expect(keys.ensureKey(hostile, 'encrypt')).rejects.toThrow(KeyRefused)
      }
    })

    test('a signature verifies with nothing but the public key, and only for what was signed', async () => {
      const keys = await open()
      const keyName = `audit/${randomUUID()}`
      await keys.ensureKey(keyName, 'sign')
      await keys.ensureKey(keyName, 'sign')
      const message = Buffer.alloc(10_000, 'a message longer than KMS signs raw ')
      const signature = await keys.sign(keyName, message)
      const pem = await keys.publicKey(keyName)
      expect(pem).toMatch(/^-----BEGIN PUBLIC KEY-----\n/)
      const verify = (text: Buffer) => createVerify('sha256').update(text).verify({ key: pem, dsaEncoding: 'der' }, signature)
      expect(verify(message)).toBe(true)
      expect(verify(Buffer.concat([message, Buffer.from('.')]))).toBe(false)
    })

    test('a signing key does not wrap, and a wrapping key does not sign', async () => {
      const keys = await open()
      const [wrapping, signing] = [newKeyName(), `audit/${randomUUID()}`]
      await keys.ensureKey(wrapping, 'encrypt')
      await keys.ensureKey(signing, 'sign')
      await expect(keys.ensureKey(wrapping, 'sign')).rejects.toThrow(KeyRefused)
      await expect(keys.generateDataKey(signing, context)).rejects.toThrow(KeyRefused)
      await expect(keys.sign(wrapping, Buffer.from('x'))).rejects.toThrow(KeyRefused)
      await expect(keys.publicKey(wrapping)).rejects.toThrow(KeyRefused)
    })
  })
}
