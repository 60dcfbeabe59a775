import { randomBytes } from 'node:crypto'
import { Readable } from 'node:stream'
import { gzipSync } from 'node:zlib'
import { afterAll, describe, expect, inject, test } from 'vitest'
import { createClamdScanner } from '../../clients/scanner/createClamdScanner.ts'
import { createProbeSamples } from '../../clients/scanner/probeSamples.ts'
import { uploadLimits } from '../../domain/uploadLimits.ts'

const scanner = createClamdScanner(inject('stack').clamd)
afterAll(() => scanner.close())

const scan = (bytes: Buffer) => scanner.scan(Readable.from([bytes]), { bytes: bytes.length })

const sampleNamed = (name: string): Buffer => {
  const sample = createProbeSamples().find((one) => one.name === name)
  if (sample === undefined) throw new Error(`there is no sample called ${name}`)
  return sample.bytes
}

describe('the clamd of the stack', () => {
  test('carries our settings', async () => {
    await expect(scanner.probe()).resolves.toMatchObject({ engine: expect.stringMatching(/^\d+\.\d+\.\d+/) })
  })
  test('passes clean bytes as clean', async () => {
    await expect(scan(randomBytes(100_000))).resolves.toMatchObject({ result: 'ok' })
  })
  test('finds the test virus, plain and packed', async () => {
    const eicar = sampleNamed('known virus')
    await expect(scan(eicar)).resolves.toMatchObject({ result: 'found', signature: expect.stringMatching(/eicar/i) })
    await expect(scan(gzipSync(eicar))).resolves.toMatchObject({ result: 'found' })
  })
  test('says that it did not look into an encrypted zip', async () => {
    await expect(scan(sampleNamed('encrypted zip'))).resolves.toMatchObject({
      result: 'not-inspected',
      signature: 'Heuristics.Encrypted.Zip',
    })
  })
  test('says that it did not look beyond its limits', async () => {
    for (const name of ['too deep', 'over the limit']) {
      const signature = expect.stringMatching(/^Heuristics\.Limits\.Exceeded\./)
      await expect(scan(sampleNamed(name))).resolves.toMatchObject({ result: 'not-inspected', signature })
    }
  })
  test('takes the largest upload whole', async () => {
    const piece = 1024 * 1024
    const body = Readable.from(
      (function* () {
        for (let sent = 0; sent < uploadLimits.bytesCeiling; sent += piece) yield randomBytes(piece)
      })(),
    )
    await expect(scanner.scan(body, { bytes: uploadLimits.bytesCeiling })).resolves.toMatchObject({ result: 'ok' })
  })
  test('answers many at once, each with its own verdict', async () => {
    const eicar = sampleNamed('known virus')
    const answers = await Promise.all(Array.from({ length: 24 }, (_, index) => scan(index % 3 === 0 ? eicar : randomBytes(50_000))))
    expect(answers.map(({ result }) => result)).toEqual(answers.map((_, index) => (index % 3 === 0 ? 'found' : 'ok')))
  })
})
