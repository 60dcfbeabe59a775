import type { ApiClient } from '../api/client.ts'
import type { BenchFile } from './attachments/makeFiles.ts'

/** Asks for a ticket and uploads: all that comes before "complete". Answers the attachment. @throws when a server refuses */
export const uploadFile = async (client: ApiClient, channelId: string, { content, contentType, fileName }: BenchFile): Promise<string> => {
  const answer = await client.v1.channels[':id'].attachments.$post({
    param: { id: channelId },
    json: { fileName, contentType, bytes: content.length },
    header: {},
  })
  if (answer.status !== 201) throw new Error(`a ticket was answered with HTTP ${answer.status}`)
  const { attachment, upload } = await answer.json()
  const form = new FormData()
  for (const [name, value] of Object.entries(upload.fields)) form.append(name, value)
  form.append('file', new Blob([new Uint8Array(content)], { type: contentType }))
  const stored = await fetch(upload.url, { method: 'POST', body: form })
  if (!stored.ok) throw new Error(`the object store answered HTTP ${stored.status}`)
  await stored.body?.cancel()
  return attachment.id
}
