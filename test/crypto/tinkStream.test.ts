import { randomBytes } from 'node:crypto'
import { Readable } from 'node:stream'
import { buffer } from 'node:stream/consumers'
import { beforeAll, expect, test } from 'vitest'
import { createDecryptStream } from '../../crypto/tinkStreamDecrypt.ts'
import { createEncryptStream } from '../../crypto/tinkStreamEncrypt.ts'
import { decryptRange } from '../../crypto/tinkStreamRange.ts'
import { installTink, runTink } from './pythonTink.ts'
import type { TinkCase } from './pythonTink.ts'
import { sampleBytes } from './sampleBytes.ts'

const sizes = [0, 1, 5_000, 65_479, 65_480, 65_481, 130_999, 131_000, 131_001, 1_000_000]
let python: string
beforeAll(async () => {
  python = await installTink()
}, 300_000)

const newCases = (): { key: Buffer; associatedData: Buffer; plaintext: Buffer }[] =>
  sizes.map((size) => ({ key: randomBytes(32), associatedData: randomBytes(size % 50), plaintext: sampleBytes(size) }))

const encrypt = (plaintext: Buffer, key: Buffer, associatedData: Buffer): Promise<Buffer> =>
  buffer(Readable.from([plaintext]).compose(createEncryptStream(key, associatedData)))

test('Google Tink decrypts what we encrypt, and refuses it changed, cut short or bound to something else', async () => {
  const cases = newCases()
  const ciphertexts = await Promise.all(cases.map((each) => encrypt(each.plaintext, each.key, each.associatedData)))
  const genuine = cases.map(({ key, associatedData }, at): TinkCase => ({
    do: 'decrypt',
    key,
    associatedData,
    input: ciphertexts[at] as Buffer,
  }))
  const refused = genuine.flatMap((each): TinkCase[] => [
    { ...each, associatedData: Buffer.from('something else') },
    { ...each, input: each.input.subarray(0, -1) },
    { ...each, input: Buffer.concat([each.input.subarray(0, -1), Buffer.from([(each.input.at(-1) as number) ^ 1])]) },
  ])
  const outputs = await runTink(python, [...genuine, ...refused])
  outputs.slice(0, genuine.length).forEach((output, at) => expect(output?.equals(cases[at]?.plaintext as Buffer)).toBe(true))
  expect(outputs.slice(genuine.length)).toEqual(refused.map(() => null))
})

test('we decrypt what Google Tink encrypts, whole and in ranges', async () => {
  const cases = newCases()
  const ciphertexts = await runTink(
    python,
    cases.map(({ key, associatedData, plaintext }) => ({ do: 'encrypt', key, associatedData, input: plaintext })),
  )
  for (const [at, { key, associatedData, plaintext }] of cases.entries()) {
    const ciphertext = ciphertexts[at] as Buffer
    const whole = await buffer(Readable.from([ciphertext]).compose(createDecryptStream(key, associatedData)))
    expect(whole.equals(plaintext)).toBe(true)
    if (plaintext.length === 0) continue
    const range = { first: plaintext.length >> 1, last: plaintext.length - 1 }
    const object = {
      key,
      associatedData,
      ciphertextBytes: ciphertext.length,
      readCiphertext: async (part: { first: number; last: number }) => Readable.from([ciphertext.subarray(part.first, part.last + 1)]),
    }
    expect((await buffer(decryptRange(object, range))).equals(plaintext.subarray(range.first))).toBe(true)
  }
})
