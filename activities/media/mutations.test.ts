import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import type { CorpusFile } from '../../demo/corpus/corpusFile.ts'
import { listCorpus } from '../../demo/corpus/listCorpus.ts'
import { mutate, mutation } from '../../demo/corpus/mutate.ts'
import { toContent } from './content.ts'
import { inspectContent } from './inspectContent.ts'
import { isRewritten } from './isRewritten.ts'
import { rewriteMedia } from './rewriteMedia.ts'

/** More by `MUTATIONS=1000 npx vitest run --project unit activities/media/mutations.test.ts`, each time with another seed. */
const asked = process.env.MUTATIONS
const numRuns = asked === undefined ? 12 : Number(asked)
const seed = asked === undefined ? { seed: 20_261_122 } : {}
/** A mutated file is small, so that what takes long is our own doing. */
const bytesMax = 200_000

const isSmall = async (file: CorpusFile): Promise<boolean> => (await file.make()).length <= bytesMax

const candidates = listCorpus({ testFilesFolder: 'unused' }).filter(
  ({ name, journey, expected }) =>
    journey === 'upload' && expected.verdict !== null && !/^(clam|bomb|flood|tiny but|one huge|pixel)/.test(name),
)
const kinds = Object.entries(Object.groupBy(candidates, (file) => file.contentType))

describe('whatever becomes of the bytes of a file, there is an answer, and nothing is thrown', () => {
  test.each(kinds)('%s', { timeout: 120_000 + numRuns * 5_000 }, async (contentType, files = []) => {
    const originals: Buffer[] = []
    for (const file of files) if (await isSmall(file)) originals.push(await file.make())
    await fc.assert(
      fc.asyncProperty(fc.nat(), fc.array(mutation, { minLength: 1, maxLength: 6 }), async (pick, changes) => {
        const original = originals[pick % originals.length] ?? Buffer.alloc(0)
        const bytes = changes.reduce(mutate, original)
        const found = await inspectContent(toContent(bytes), { contentType })
        expect('refused' in found ? typeof found.refused : found.contentType).toBe('refused' in found ? 'string' : contentType)
        if ('refused' in found || !isRewritten(contentType)) return
        let written = 0
        const rewritten = await rewriteMedia(toContent(bytes), contentType, (chunk) => (written += chunk.length))
        const answer = 'bytes' in rewritten ? rewritten.bytes : 0
        expect(answer).toBe(written)
      }),
      { numRuns: numRuns * 4, ...seed },
    )
  })
})
