import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'
import { expect, it } from 'vitest'
import { openFeed } from '../../clients/oneroster/openFeed.ts'
import { createBulkFiles, zipFiles } from '../support/feedFiles.ts'
import { withFeedFile } from '../support/readFeed.ts'

setFlagsFromString('--expose-gc')
const collect = runInNewContext('gc') as () => void

const held = (): number => {
  // Twice: what buffers stood for is given back when their owners are gone.
  collect()
  collect()
  const { heapUsed, external } = process.memoryUsage()
  return heapUsed + external
}

const head = (text: string | Buffer | undefined): string => `${String(text).split('\n')[0]}\n`

const rows = 200_000
const people = rows / 10

const createFeed = (): Promise<Buffer> => {
  const files = createBulkFiles('1.2')
  const users = Array.from({ length: people }, (_, index) => `u-${index * 7919},,,true,Given,Family,,\n`).join('')
  const enrollments = Array.from({ length: rows }, (_, index) => {
    const user = index % people
    // Every hundredth is rejected: rejects must not pile up either.
    return `e-${index * 7919}-${user},,,${index % 100 === 0 ? 'k9' : 'k1'},s1,u-${user * 7919},student,2026-08-24,\n`
  }).join('')
  return zipFiles({
    ...files,
    users: head(files['users']) + users,
    roles: `${head(files['roles'])}r1,,,u-0,primary,student,s1\n`,
    enrollments: head(files['enrollments']) + enrollments,
  })
}

it('ten times the rows take little more memory than their index of ids', async () => {
  await withFeedFile(await createFeed(), async (path) => {
    const feed = await openFeed(path, { custody: null, languageColumn: null })
    const counts = { taken: 0, rejected: 0 }
    const bytesAt = new Map<number, number>()
    for (const { file } of feed.files)
      for await (const lines of feed.read(file))
        for (const { line, rows: of } of lines) {
          if (file !== 'enrollments') continue
          counts[of.length > 0 ? 'taken' : 'rejected'] += 1
          if (line === 20_000 || line === rows) bytesAt.set(line, held())
        }
    feed.close()
    expect(counts).toEqual({ taken: 198_000, rejected: 2_000 })
    const grown = (bytesAt.get(rows) ?? Infinity) - (bytesAt.get(20_000) ?? 0)
    // 180,000 rows more: 3.4 MiB with the index, 19.6 with a Set of the ids, 85 with every line kept.
    expect(grown / 2 ** 20).toBeLessThan(8)
  })
})
