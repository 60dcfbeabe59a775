import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, afterEach, beforeAll, describe, expect, test, vi } from 'vitest'
import { createApertium, type Apertium } from '../../stack/apertium/createApertium.ts'
import { createPipelinePool } from '../../stack/apertium/createPipelinePool.ts'
import { openPipeline, type Pipeline } from '../../stack/apertium/openPipeline.ts'
import { tryApertium } from '../../stack/apertium/tryApertium.ts'
import { findApertium, type ApertiumFiles } from '../../stack/binaries/findApertium.ts'
import { requireTranslation } from '../support/requireTranslation.ts'

let files: ApertiumFiles
let apertium: Apertium
beforeAll(async () => {
  requireTranslation()
  files = await findApertium(() => undefined)
  apertium = createApertium(files)
})
afterAll(() => apertium?.close())
afterEach(() => vi.unstubAllEnvs())

const toSpanish = (text: string) => apertium.translate(text, 'en', 'es')

describe('a text', () => {
  test.each([
    ['marks of the format that the programs speak', 'a [b] {c} ^d$ e/f @g <h> ~i', ['[', ']', '{', '}', '^', '$', '/', '@', '<', '>', '~']],
    ['backslashes', String.raw`C:\Xy \[ \\`, [String.raw`C:\Xy`, String.raw`\[`, String.raw`\\`]],
    ['emoji of several letters', 'Hello 👩‍👩‍👧 and 🇪🇸', ['👩‍👩‍👧', '🇪🇸']],
    ['another script', 'Hello مرحبا 你好', ['مرحبا', '你好']],
    ['a zero byte, which ends what the programs read', 'Hello\0Bartholomew', ['Bartholomew']],
    ['a name that is in no dictionary', 'Xiomara Quispe knows', ['Xiomara', 'Quispe']],
  ])('keeps %s', async (_, text, kept) => {
    const made = await toSpanish(text)
    for (const part of kept) expect(made).toContain(part)
    expect(made).not.toMatch(/\*|\0/)
  })

  test('keeps its line breaks, its empty lines and the edges of its lines', async () => {
    expect(await toSpanish('\n  Hello\r\n\r\n12:30\n\tHello \n')).toBe('\n  Hola\r\n\r\n12:30\n\tHola \n')
  })

  test('of as many bytes as are taken at once is translated whole', async () => {
    const made = await toSpanish('The school is open today. '.repeat(384))
    expect(made?.match(/escuela/g)).toHaveLength(384)
  })
})

test('programs that are killed, at work or idle, are replaced, and no line meets the answer of another', async () => {
  const opened: Pipeline[] = []
  const pool = createPipelinePool(() => {
    const pipeline = openPipeline(files, 'eng-spa')
    opened.push(pipeline)
    return pipeline
  }, 1)
  const killNewest = (): boolean => process.kill(-(opened.at(-1)?.pid ?? Number.NaN), 'SIGKILL')
  await expect(pool.translate('hello')).resolves.toBe('hola')
  const lines = Array.from({ length: 20 }, (_, index) => pool.translate(`the school ${index}`))
  await lines[5]
  killNewest()
  const ended = await Promise.allSettled(lines)
  const mistaken = ended.filter((line, index) => line.status === 'fulfilled' && line.value.toLowerCase() !== `la escuela ${index}`)
  expect(mistaken).toEqual([])
  expect(ended.filter(({ status }) => status === 'rejected')).toHaveLength(1)
  expect(opened).toHaveLength(2)
  killNewest()
  await vi.waitFor(() => expect(opened.at(-1)?.hasEnded()).toBe(true))
  await expect(pool.translate('hello')).resolves.toBe('hola')
  pool.close()
})

const ask = (headers: Record<string, string>, body: string) => fetch(requireTranslation(), { method: 'POST', headers, body })
const signed = (region: string) => ({
  'x-amz-target': 'AWSShineFrontendService_20170701.TranslateText',
  authorization: `AWS4-HMAC-SHA256 Credential=local/20261123/${region}/translate/aws4_request, SignedHeaders=host, Signature=0`,
})
const asked = (changed: object = {}) => JSON.stringify({ Text: 'hello', SourceLanguageCode: 'en', TargetLanguageCode: 'es', ...changed })

describe('the endpoint', () => {
  test.each([
    [
      'another operation',
      { ...signed('us-east-1'), 'x-amz-target': 'AWSShineFrontendService_20170701.TranslateDocument' },
      asked(),
      'UnknownOperationException',
    ],
    ['a request for another region', signed('eu-west-1'), asked(), 'UnrecognizedClientException'],
    ['a source that is to be detected', signed('us-east-1'), asked({ SourceLanguageCode: 'auto' }), 'InvalidRequestException'],
    ['an empty text', signed('us-east-1'), asked({ Text: '' }), 'ValidationException'],
    ['what is no JSON', signed('us-east-1'), '{', 'ValidationException'],
    ['a pair that it does not have', signed('us-east-1'), asked({ TargetLanguageCode: 'ja' }), 'UnsupportedLanguagePairException'],
    ['a text that is too long', signed('us-east-1'), asked({ Text: 'ñ'.repeat(5_001) }), 'TextSizeLimitExceededException'],
  ])('refuses %s as Amazon Translate would', async (_, headers, body, type) => {
    const answer = await ask(headers, body)
    expect(answer.status).toBe(400)
    expect(answer.headers.get('x-amzn-errortype')).toBe(type)
    expect(await answer.json()).toMatchObject({ __type: type })
  })

  test('never says that it applied what it cannot do', async () => {
    const answer = await ask(signed('us-east-1'), asked({ Settings: { Formality: 'FORMAL', Profanity: 'MASK' } }))
    expect(await answer.json()).toEqual({ TranslatedText: 'hola', SourceLanguageCode: 'en', TargetLanguageCode: 'es' })
  })
})

test('where Apertium can be had nowhere, its absence says what to install', async () => {
  const empty = mkdtempSync(join(tmpdir(), 'hallpass-empty-'))
  vi.stubEnv('PATH', empty)
  vi.stubEnv('XDG_CACHE_HOME', empty)
  try {
    await expect(findApertium(() => undefined, empty)).rejects.toMatchObject({
      name: 'StackProblem',
      component: 'Apertium',
      mend: expect.any(String),
    })
  } finally {
    rmSync(empty, { recursive: true })
  }
})

test.each([
  ['no modes', null],
  ['programs that do not start', 'hallpass-has-no-such-program'],
  ['programs that leave words as they are', 'sed -u s/x/x/'],
])('of %s the stack says that they translate nothing, and which folder to look at, instead of offering them', async (_, mode) => {
  const root = mkdtempSync(join(tmpdir(), 'hallpass-broken-'))
  try {
    if (mode !== null) {
      mkdirSync(join(root, 'usr/share/apertium/modes'), { recursive: true })
      writeFileSync(join(root, 'usr/share/apertium/modes/eng-spa.mode'), mode)
    }
    const cause = expect.stringContaining('it is there, and translates nothing')
    const problem = { name: 'StackProblem', component: 'Apertium', message: cause, mend: `remove ${root}, and start again` }
    await expect(tryApertium({ root, libraryFolders: [] })).rejects.toMatchObject(problem)
  } finally {
    rmSync(root, { recursive: true })
  }
})

test('of what translates the stack says nothing', async () => {
  await expect(tryApertium(files)).resolves.toBe(files)
})
