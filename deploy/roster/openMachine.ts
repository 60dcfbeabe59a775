import { z } from 'zod'
import { Refused } from '../refused.ts'

/** How a machine of a district reaches the API, with the credentials that its district was shown once. */
export type MachineCredentials = { apiUrl: string; clientId: string; clientSecret: string }

/** Calls the API as that machine. A token that has ended is asked for anew. @throws Refused naming the problem that the API answered */
export type Machine = {
  call<T>(method: 'GET' | 'POST', path: string, shape: z.ZodType<T>, body?: object): Promise<T>
  /** A report, as it is. */
  read(path: string): Promise<ReadableStream<Uint8Array>>
}

const tokenShape = z.object({ access_token: z.string() })
const problemShape = z.object({ code: z.string(), title: z.string(), detail: z.string().optional() })

/** Asks for a token at once: wrong credentials are found before anything is done. @throws Refused */
export const openMachine = async ({ apiUrl, clientId, clientSecret }: MachineCredentials): Promise<Machine> => {
  const askForToken = async (): Promise<string> => {
    const answer = await reach(`${apiUrl}/v1/oauth/token`, {
      method: 'POST',
      headers: { Authorization: `Basic ${Buffer.from(`${clientId}:${clientSecret}`).toString('base64')}` },
      body: new URLSearchParams({ grant_type: 'client_credentials' }),
    })
    if (answer.status === 429) throw new Refused('too many wrong secrets came from this address\n  mend: wait some minutes')
    if (!answer.ok) throw new Refused('the credentials are not accepted\n  mend: see --client-id and the file of the secret, or rotate it')
    return tokenShape.parse(await answer.json()).access_token
  }
  let token = await askForToken()
  const send = (method: string, path: string, body: object | undefined): Promise<Response> =>
    reach(`${apiUrl}${path}`, {
      method,
      headers: { Authorization: `Bearer ${token}`, ...(body === undefined ? {} : { 'Content-Type': 'application/json' }) },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    })
  const ask = async (method: string, path: string, body?: object): Promise<Response> => {
    let answer = await send(method, path, body)
    if (answer.status === 401) {
      token = await askForToken()
      answer = await send(method, path, body)
    }
    if (!answer.ok) throw await toRefused(answer)
    return answer
  }
  return {
    call: async (method, path, shape, body) => shape.parse(await (await ask(method, path, body)).json()),
    read: async (path) => (await ask('GET', path)).body ?? new ReadableStream(),
  }
}

/** No redirect is followed: it would take the token elsewhere. */
const reach = async (url: string, init: RequestInit): Promise<Response> => {
  try {
    return await fetch(url, { ...init, redirect: 'error' })
  } catch {
    throw new Refused('the API does not answer\n  mend: see that --api is its address, and that it runs')
  }
}

const toRefused = async (answer: Response): Promise<Refused> => {
  const problem = problemShape.safeParse(await answer.json().catch(() => null))
  if (!problem.success) return new Refused(`the API answered ${answer.status}\n  mend: see that --api is its address`)
  const { code, title, detail } = problem.data
  if (answer.status === 404) return new Refused('there is no such district for this machine\n  mend: see --district')
  return new Refused(`${title} (${code})${detail === undefined ? '' : `\n  ${detail}`}`)
}
