/** The thread in which hostile bytes are looked at and made new. Answers each `ContentJob` with one `ContentAnswer`. */
import { getHeapStatistics } from 'node:v8'
import { parentPort } from 'node:worker_threads'
import { openSealedContent, openSealedWriter } from '../spool/sealedFile.ts'
import type { Content } from './content.ts'
import type { ContentAnswer, ContentJob } from './contentThread.ts'
import { inspectContent } from './inspectContent.ts'
import { rewriteMedia } from './rewriteMedia.ts'
import type { ThreadMessage } from './threadPool.ts'

/** Over this a thread is ended after its job, which gives all of its memory back at once. */
const wornBytes = 48 * 1024 * 1024

const work = async (job: ContentJob, content: Content): Promise<ContentAnswer> => {
  const { contentType } = job
  if (job.work === 'inspect') return { inspected: await inspectContent(content, { contentType }) }
  const writer = openSealedWriter(job.into)
  const rewritten = await rewriteMedia(content, contentType, (chunk) => writer.write(chunk))
  writer.end()
  return { rewritten }
}

const answer = async (job: ContentJob): Promise<ContentAnswer> => {
  try {
    const sealed = openSealedContent(job.from, job.bytes)
    const found = await work(job, sealed.content)
    // The rules take what a file makes them throw for an answer. What the spool threw says nothing of the file.
    const fault = sealed.end()
    return fault === null ? found : { fault }
  } catch (error) {
    // Its name alone: messages of decoders may quote what they read.
    return { fault: error instanceof Error ? error.name : 'Unknown' }
  }
}

const reply = async (job: ContentJob): Promise<void> => {
  const found = await answer(job)
  const { total_heap_size: heapBytes, external_memory: outsideBytes } = getHeapStatistics()
  const message: ThreadMessage<ContentAnswer> = { answer: found, isWorn: 'fault' in found || heapBytes + outsideBytes > wornBytes }
  parentPort?.postMessage(message, [])
}

parentPort?.on('message', (job: ContentJob) => void reply(job))
