/** The thread in which hostile bytes are looked at and made new. Gets a `ContentJob`, answers with one `ContentAnswer`. */
import { parentPort, workerData } from 'node:worker_threads'
import type { ContentAnswer, ContentJob } from './contentThread.ts'
import { inspectContent } from './inspectContent.ts'
import { rewriteMedia } from './rewriteMedia.ts'
import { toOwnBytes } from './toOwnBytes.ts'

const answer = (message: ContentAnswer, transfer: ArrayBuffer[] = []): void => parentPort?.postMessage(message, transfer)

const { work, bytes, contentType } = workerData as ContentJob
const content = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength)
try {
  if (work === 'inspect') answer({ inspected: await inspectContent(content, { contentType }) })
  else {
    const rewritten = await rewriteMedia(content, contentType)
    if ('refused' in rewritten) answer({ rewritten })
    else {
      const made = toOwnBytes(rewritten.bytes)
      answer({ rewritten: { bytes: made } }, [made.buffer])
    }
  }
} catch (error) {
  // Its name alone: messages of decoders may quote what they read.
  answer({ fault: error instanceof Error ? error.name : 'Unknown' })
}
