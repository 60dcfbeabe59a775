import { get } from 'node:http'
import { setTimeout as wait } from 'node:timers/promises'
import { now } from './now.ts'
import type { Reader } from './waysOfReading.ts'

/** How it ended: when its last byte came, and whether it was whole, not cut. */
export type LongEnd = { at: number; isWhole: boolean }

/** Something that is read for longer than a request. */
export type Long = { ended: Promise<LongEnd> }

/**
 * A receiver waits after each piece, of up to 64 KiB: long, so that the file lasts until access ends, and then as long as makes some megabytes a second, so that
 * what was on its way at that moment does not pass for what was sent later.
 */
const pauseMs = { before: 40, after: 8 }

/** Begins a download that lasts. Resolves with its first byte; `hurry` says that access has ended. */
export const openDownload = (reader: Reader, attachmentId: string): Promise<Long & { hurry(): void }> =>
  new Promise((resolve, reject) => {
    const headers = { Authorization: `Bearer ${reader.token}` }
    const request = get(`${reader.apiUrl}/v1/attachments/${attachmentId}/content`, { headers, agent: false }, (answer) => {
      if (answer.statusCode !== 200) {
        reject(new Error(`a download was answered with HTTP ${answer.statusCode}`))
        return
      }
      let pause = pauseMs.before
      const take = async (): Promise<LongEnd> => {
        let at = now()
        try {
          for await (const _ of answer.iterator({ destroyOnReturn: true })) {
            at = now()
            await wait(pause)
          }
        } catch {
          // Cut.
        }
        return { at, isWhole: answer.complete }
      }
      resolve({
        ended: take(),
        hurry: () => {
          pause = pauseMs.after
        },
      })
    })
    request.on('error', reject)
  })

/** Follows an upload that does not end by itself. Resolves with its first event. */
export const openEvents = async (reader: Reader, attachmentId: string): Promise<Long> => {
  const headers = { Authorization: `Bearer ${reader.token}` }
  const answer = await fetch(`${reader.apiUrl}/v1/attachments/${attachmentId}/events`, { headers })
  if (answer.status !== 200 || answer.body === null) throw new Error(`an event stream was answered with HTTP ${answer.status}`)
  const chunks = answer.body.pipeThrough(new TextDecoderStream())[Symbol.asyncIterator]()
  await chunks.next()
  const take = async (): Promise<LongEnd> => {
    let text = ''
    for (let next = await chunks.next(); !next.done; next = await chunks.next()) text += next.value
    return { at: now(), isWhole: !text.includes('event: gone') }
  }
  return { ended: take() }
}
