import type { ApiScope } from '../../domain/apiClients.ts'
import { createCaller, type Caller } from './callApi.ts'

type Person = { id: string; call: Caller }
export type MadeMachine = { client: { id: string }; secret: string }

/** Asks for a token as a machine does, by HTTP Basic. */
export const askForToken = (url: string, clientId: string, secret: string, form: Record<string, string> = {}): Promise<Response> =>
  fetch(`${url}/v1/oauth/token`, {
    method: 'POST',
    headers: { Authorization: `Basic ${Buffer.from(`${clientId}:${secret}`).toString('base64')}` },
    body: new URLSearchParams({ grant_type: 'client_credentials', ...form }),
  })

/** A machine that an administrator let in, with a token. */
export const addMachine = async (
  { url }: { url: string },
  administrator: Person,
  districtId: string,
  scopes: readonly ApiScope[],
): Promise<Person> => {
  const made = await administrator.call<MadeMachine>('POST', `/v1/districts/${districtId}/api-clients`, { name: 'A system', scopes })
  const { client, secret } = made.body
  const answer = await askForToken(url, client.id, secret)
  const { access_token: token } = (await answer.json()) as { access_token: string }
  return { id: client.id, call: createCaller(url, token) }
}
