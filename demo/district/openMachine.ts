import { createClient, type ApiClient } from '../../api/client.ts'
import type { Credentials } from './makeDistrict.ts'

/** Asks for a token as a machine does (OAuth 2.0 client credentials), and answers the API as that machine may use it for an hour. */
export const openMachine = async (apiUrl: string, { clientId, clientSecret }: Credentials): Promise<ApiClient> => {
  const answer = await fetch(`${apiUrl}/v1/oauth/token`, {
    method: 'POST',
    headers: { Authorization: `Basic ${Buffer.from(`${clientId}:${clientSecret}`).toString('base64')}` },
    body: new URLSearchParams({ grant_type: 'client_credentials' }),
  })
  if (!answer.ok) throw new Error(`the machine of a district got no token: HTTP ${answer.status}`)
  const { access_token: token } = (await answer.json()) as { access_token: string }
  return createClient(apiUrl, token)
}
