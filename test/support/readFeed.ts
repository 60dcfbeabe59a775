import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { openFeed } from '../../clients/oneroster/openFeed.ts'
import type { FeedLine } from '../../clients/oneroster/readFile.ts'
import type { MetadataSources } from '../../domain/roster/metadataSources.ts'
import { FeedUnreadable } from '../../domain/roster/unreadable.ts'

/** Hands the bytes over as a file, as everybody else gets them. */
export const withFeedFile = async <T>(bytes: Uint8Array, use: (path: string, folder: string) => Promise<T>): Promise<T> => {
  const folder = await mkdtemp(join(tmpdir(), 'hallpass-feed-'))
  try {
    const path = join(folder, 'feed.zip')
    await writeFile(path, bytes)
    return await use(path, folder)
  } finally {
    await rm(folder, { recursive: true })
  }
}

/** Everything that a feed becomes, held in memory. */
export const readFeed = (bytes: Uint8Array, options: Partial<MetadataSources> = {}): Promise<FeedLine[]> =>
  withFeedFile(bytes, async (path) => {
    const feed = await openFeed(path, { custody: null, languageColumn: null, ...options })
    try {
      const lines: FeedLine[] = []
      for (const { file } of feed.files) for await (const some of feed.read(file)) lines.push(...some)
      return lines
    } finally {
      feed.close()
    }
  })

/** The same, or why it could not be read. */
export const tryFeed = (bytes: Uint8Array, options?: Partial<MetadataSources>): Promise<FeedLine[] | FeedUnreadable> =>
  readFeed(bytes, options).catch((error: unknown) => {
    if (error instanceof FeedUnreadable) return error
    throw error
  })
