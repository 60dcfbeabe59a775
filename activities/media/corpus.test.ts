import { describe, expect, test } from 'vitest'
import { listCorpus } from '../../demo/corpus/listCorpus.ts'
import { toContent } from './content.ts'
import { inspectContent } from './inspectContent.ts'

const uploaded = listCorpus({ testFilesFolder: 'unused' }).filter(({ journey }) => journey === 'upload')

// Making a flood of pixels takes a busy machine seconds.
describe('the files of the demo', { timeout: 60_000 }, () => {
  const passing = uploaded.filter(({ expected }) => expected.verdict === 'clean')
  test.each(passing.map((file) => [file.name, file] as const))('that are harmless pass: %s', async (_, file) => {
    expect(await inspectContent(toContent(await file.make()), file)).toEqual({ contentType: file.contentType })
  })
  const refused = uploaded.filter(({ expected }) => expected.verdict === 'unscannable')
  test.each(refused.map((file) => [file.name, file] as const))(
    'that are not what they should be are refused, and told why: %s',
    async (_, file) => {
      expect(await inspectContent(toContent(await file.make()), file)).toEqual({ refused: file.expected.reason })
    },
  )
})
