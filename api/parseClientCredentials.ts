export type ClientCredentials = { clientId: string; secret: string }

/**
 * How a machine names itself (RFC 6749, 2.3.1): by HTTP Basic, both parts encoded as a form's, or in the form itself. Null: it did not. `malformed`: it did
 * so in both ways at once, which the RFC forbids, or in a way that is no Basic.
 */
export const parseClientCredentials = (
  authorization: string | undefined,
  form: { client_id?: string | undefined; client_secret?: string | undefined },
): ClientCredentials | 'malformed' | null => {
  if (authorization === undefined) {
    if (form.client_id === undefined || form.client_secret === undefined) return null
    return { clientId: form.client_id, secret: form.client_secret }
  }
  const encoded = /^Basic ([A-Za-z0-9+/]+={0,2})$/i.exec(authorization)?.[1]
  if (encoded === undefined || form.client_secret !== undefined) return 'malformed'
  const [, id, secret] = /^([^:]*):(.*)$/s.exec(Buffer.from(encoded, 'base64').toString()) ?? []
  if (id === undefined || secret === undefined) return 'malformed'
  try {
    return { clientId: decodeForm(id), secret: decodeForm(secret) }
  } catch {
    return 'malformed'
  }
}

/** @throws {URIError} for a percent sign that encodes nothing. */
const decodeForm = (value: string): string => decodeURIComponent(value.replaceAll('+', ' '))
