import type { ApiClient } from '../../api/client.ts'

/** Does what whoever writes does first: reads the district's terms of use, and accepts them unless that is done. @throws when the API refuses. */
export const acceptTerms = async (client: ApiClient): Promise<void> => {
  const read = await client.v1['terms-of-use'].$get({})
  if (read.status !== 200) throw new Error(`the terms of use could not be read: HTTP ${read.status}`)
  const { terms, mustAccept } = await read.json()
  if (terms === null || !mustAccept) return
  const accepted = await client.v1.me['terms-of-use'].$put({ json: { version: terms.version } })
  if (accepted.status !== 200) throw new Error(`the terms of use could not be accepted: HTTP ${accepted.status}`)
}
