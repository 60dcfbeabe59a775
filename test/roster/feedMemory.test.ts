import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'
import { expect, it } from 'vitest'
import { openFeed } from '../../clients/oneroster/openFeed.ts'
import { createBulkFiles, zipFiles } from '../support/feedFiles.ts'
import { withFeedFile } from '../support/readFeed.ts'

setFlagsFromString('--expose-gc')
const collect = runInNewContext('gc') as () => void

const held = (): number => {
  collect()
  const { heapUsed, external } = process.memoryUsage()
  return heapUsed + external
}

const head = (text: string | Buffer | undefined): string => `${String(text).split('\n')[0]}\n`

const createFeed = (rows: number): Promise<Buffer> => {
  const files = createBulkFiles('1.2')
  const people = Array.from({ length: rows / 10 }, (_, index) => `u-${index * 7919},,,true,Given,Family,,\n`).join('')
  const enrollments = Array.from({ length: rows }, (_, index) => {
    const user = index % (rows / 10)
    // Every hundredth is rejected: rejects must not pile up either.
    return `e-${index * 7919}-${user},,,${index % 100 === 0 ? 'k9' : 'k1'},s1,u-${user * 7919},student,2026-08-24,\n`
  }).join('')
  return zipFiles({
    ...files,
    users: head(files['users']) + people,
    roles: `${head(files['roles'])}r1,,,u-0,primary,student,s1\n`,
    enrollments: head(files['enrollments']) + enrollments,
  })
}

/** What is held when the last line was read and nothing was let go of yet, above what was held before. */
const measure = async (rows: number): Promise<{ bytes: number; taken: number; rejected: number }> =>
  withFeedFile(await createFeed(rows), async (path) => {
    const before = held()
    const feed = await openFeed(path, { custody: null })
    const counts = { taken: 0, rejected: 0 }
    for (const { file } of feed.files)
      for await (const { rows: of } of feed.read(file)) if (file === 'enrollments') counts[of.length > 0 ? 'taken' : 'rejected'] += 1
    const bytes = held() - before
    // Used once more, so that what the feed holds is part of what was measured.
    feed.close()
    return { bytes, ...counts }
  })

it('a feed of ten times the rows takes little more memory than its index of ids', async () => {
  await measure(2_000)
  const small = await measure(20_000)
  const large = await measure(200_000)
  expect(large).toMatchObject({ taken: 198_000, rejected: 2_000 })
  // 180,000 rows more. At 32 bytes an id they are 6 MB; as objects or strings they would be more than 30.
  expect((large.bytes - small.bytes) / 2 ** 20).toBeLessThan(16)
})
