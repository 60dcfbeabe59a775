import { openAsBlob } from 'node:fs'
import type { ApiClient } from '../../api/client.ts'
import type { WrittenFile } from '../corpus/writeCorpus.ts'

/** A pre-signed POST. */
export type Upload = { url: string; fields: Record<string, string> }
export type Ticket = { attachmentId: string; upload: Upload }

/** Asks for a ticket; null when the API turns the file away (a 4xx that says what is wrong with it). @throws on any other answer. */
export const askForTicket = async (client: ApiClient, channelId: string, file: WrittenFile): Promise<Ticket | null> => {
  const answer = await client.v1.channels[':id'].attachments.$post({
    param: { id: channelId },
    json: { fileName: file.name, contentType: file.contentType, bytes: file.declaredBytes ?? file.bytes },
    header: {},
  })
  if (answer.status === 201) {
    const { attachment, upload } = await answer.json()
    return { attachmentId: attachment.id, upload }
  }
  if (answer.status === 413 || answer.status === 422) return null
  throw new Error(`the API answered a ticket with HTTP ${answer.status}`)
}

const postForm = async ({ url, fields }: Upload, content: Blob, signal: AbortSignal): Promise<boolean> => {
  const form = new FormData()
  for (const [name, value] of Object.entries(fields)) form.append(name, value)
  form.append('file', content)
  const answer = await fetch(url, { method: 'POST', body: form, signal })
  await answer.body?.cancel()
  if (answer.status >= 500) throw new Error(`the object store answered HTTP ${answer.status}`)
  return answer.ok
}

/** Sends the file straight to the object store, as a browser's form would. Answers whether the store took it. */
export const sendToStore = async (upload: Upload, file: WrittenFile, signal: AbortSignal): Promise<boolean> =>
  postForm(upload, await openAsBlob(file.path, { type: file.contentType }), signal)

/** Sends other bytes with the same ticket. Answers whether the store took them, which it may. */
export const sendOtherBytes = (upload: Upload, content: Buffer, signal: AbortSignal): Promise<boolean> =>
  postForm(upload, new Blob([new Uint8Array(content)]), signal)
