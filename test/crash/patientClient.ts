import { setTimeout as wait } from 'node:timers/promises'

/** A client that does as the API says: it comes again when it is told to, and gives nothing up. */
export type PatientClient = {
  /** Sends one file. Answers its id when the API has taken it: from then on it is the API's. */
  send(content: Buffer, contentType: string): Promise<string>
  /** Answers by status. */
  answers: ReadonlyMap<number, number>
  /** What the API may never answer, whatever is away. */
  wrong: readonly string[]
}

type Ticket = { attachment: { id: string }; upload: { url: string; fields: Record<string, string> } }

const againAfterMs = 300

/** To the store itself, as a browser's form would. */
const store = async ({ url, fields }: Ticket['upload'], content: Buffer, contentType: string): Promise<void> => {
  for (;;) {
    const form = new FormData()
    for (const [name, value] of Object.entries(fields)) form.append(name, value)
    form.append('file', new Blob([new Uint8Array(content)], { type: contentType }))
    const answer = await fetch(url, { method: 'POST', body: form }).catch(() => null)
    await answer?.body?.cancel()
    if (answer?.status === 201) return
    await wait(againAfterMs)
  }
}

export const createPatientClient = (apiUrl: string, token: string, channelId: string): PatientClient => {
  const answers = new Map<number, number>()
  const wrong: string[] = []

  /** Asks until the answer is `expected`. */
  const ask = async (path: string, body: object | null, expected: number): Promise<Response> => {
    for (;;) {
      const answer = await askOnce(path, body)
      if (answer?.status === expected) return answer
      await answer?.body?.cancel()
      await wait(againAfterMs)
    }
  }
  const askOnce = async (path: string, body: object | null): Promise<Response | null> => {
    const headers = { Authorization: `Bearer ${token}`, ...(body === null ? {} : { 'Content-Type': 'application/json' }) }
    const signal = AbortSignal.timeout(60_000)
    const answer = await fetch(`${apiUrl}${path}`, {
      method: 'POST',
      headers,
      signal,
      ...(body === null ? {} : { body: JSON.stringify(body) }),
    }).catch((error: Error) => {
      wrong.push(`no answer to ${path}: ${error.name}`)
      return null
    })
    if (answer === null) return null
    answers.set(answer.status, (answers.get(answer.status) ?? 0) + 1)
    if (answer.status >= 300 && answer.status !== 503 && answer.status !== 429) wrong.push(`${path} answered ${answer.status}`)
    if (answer.status >= 300 && answer.headers.get('Retry-After') === null)
      wrong.push(`${path} answered ${answer.status} and not when to come again`)
    return answer
  }
  return {
    answers,
    wrong,
    send: async (content, contentType) => {
      const asked = { fileName: 'file.txt', contentType, bytes: content.length }
      const { attachment, upload } = (await (await ask(`/v1/channels/${channelId}/attachments`, asked, 201)).json()) as Ticket
      await store(upload, content, contentType)
      await (await ask(`/v1/attachments/${attachment.id}/complete`, null, 202)).body?.cancel()
      return attachment.id
    },
  }
}
