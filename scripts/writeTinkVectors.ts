/**
 * Makes crypto/tinkVectors.json with Google's Tink for Python: `node scripts/writeTinkVectors.ts`. Small ciphertexts are kept
 * whole; of large ones the header and the SHA-256, since header, key and plaintext determine every byte.
 */
import { createHash, randomBytes } from 'node:crypto'
import { writeFile } from 'node:fs/promises'
import { installTink, runTink, tinkVersion } from '../test/crypto/pythonTink.ts'
import { sampleBytes } from '../test/crypto/sampleBytes.ts'

const sizes = [0, 1, 100, 65_479, 65_480, 65_481, 131_000, 131_001, 200_000]
const cases = sizes.map((size) => ({
  do: 'encrypt' as const,
  key: randomBytes(32),
  associatedData: randomBytes(size % 40),
  input: sampleBytes(size),
}))
const outputs = await runTink(await installTink(), cases)
const vectors = outputs.map((output, index) => {
  const { key, associatedData, input } = cases[index] as (typeof cases)[number]
  if (!output) throw new Error('Tink did not encrypt')
  return {
    key: key.toString('hex'),
    associatedData: associatedData.toString('hex'),
    plaintextBytes: input.length,
    header: output.toString('hex', 0, 40),
    ciphertextSha256: createHash('sha256').update(output).digest('hex'),
    ...(output.length < 1_000 && { ciphertext: output.toString('hex') }),
  }
})
const document = { madeBy: `tink ${tinkVersion} for Python, AES256_GCM_HKDF, HKDF-SHA256, segments of 65536 bytes`, vectors }
await writeFile(new URL('../crypto/tinkVectors.json', import.meta.url), `${JSON.stringify(document, null, 2)}\n`)
