import { z } from 'zod'
import { isInternalEndpoint } from '../domain/residency.ts'
import type { FrontDoor } from '../domain/ports.ts'

const created = z.object({
  attachment: z.object({ id: z.uuid() }),
  upload: z.object({ url: z.url(), fields: z.record(z.string(), z.string()) }),
})

/** The API or the store did not take the file. Says which step and which status, and nothing of what was sent. */
export class FrontDoorRefused extends Error {
  override readonly name = 'FrontDoorRefused'
}

type FrontDoorOptions = {
  apiUrl: string
  /** Where this process reaches the store. A ticket names the address for browsers, which need not be reachable from inside. */
  storeEndpoint: string
  timeoutMs?: number
}

/** Sends a file as a browser does: over HTTP, with a session, by ticket, pre-signed POST and completion. @throws FrontDoorRefused */
export const createApiFrontDoor = ({ apiUrl, storeEndpoint, timeoutMs = 10_000 }: FrontDoorOptions): FrontDoor => {
  const post = async (
    step: string,
    url: string,
    init: { body?: string | FormData; headers?: Record<string, string> },
  ): Promise<Response> => {
    const response = await fetch(url, { ...init, method: 'POST', redirect: 'manual', signal: AbortSignal.timeout(timeoutMs) }).catch(
      () => null,
    )
    if (response?.ok) return response
    await response?.body?.cancel()
    throw new FrontDoorRefused(`${step}: ${response === null ? 'no answer' : `answer ${response.status}`}`)
  }
  const toReachable = (ticketUrl: string): string => {
    if (!isInternalEndpoint(storeEndpoint)) return ticketUrl
    return new URL(new URL(ticketUrl).pathname, storeEndpoint).href
  }
  return {
    send: async ({ token, channelId, fileName, contentType, content, idempotencyKey }) => {
      const headers = { authorization: `Bearer ${token}`, 'content-type': 'application/json', 'idempotency-key': idempotencyKey }
      const body = JSON.stringify({ fileName, contentType, bytes: content.length })
      const ticket = await post('ticket', `${apiUrl}/v1/channels/${channelId}/attachments`, { headers, body })
      const { attachment, upload } = created.parse(await ticket.json())
      const form = new FormData()
      for (const [name, value] of Object.entries(upload.fields)) form.append(name, value)
      form.append('file', new Blob([new Uint8Array(content)], { type: contentType }))
      await (await post('upload', toReachable(upload.url), { body: form })).body?.cancel()
      const completed = await post('complete', `${apiUrl}/v1/attachments/${attachment.id}/complete`, {
        headers: { authorization: headers.authorization },
      })
      await completed.body?.cancel()
      return { attachmentId: attachment.id }
    },
  }
}
