import type { Problem } from '../../api/problem.ts'

export type ApiAnswer<Body> = { status: number; headers: Headers; body: Body }

/** Calls the API as a client that knows nothing of its types: whatever is given goes over the wire. */
export const createCaller = (url: string, token?: string) => {
  const call = async <Body = unknown>(
    method: string,
    path: string,
    body?: unknown,
    headers: Record<string, string> = {},
  ): Promise<ApiAnswer<Body>> => {
    const response = await fetch(`${url}${path}`, {
      method,
      headers: {
        ...(token === undefined ? {} : { Authorization: `Bearer ${token}` }),
        ...(body === undefined ? {} : { 'Content-Type': 'application/json' }),
        ...headers,
      },
      ...(body === undefined ? {} : { body: typeof body === 'string' ? body : JSON.stringify(body) }),
    })
    const text = await response.text()
    // An answer to HEAD has the headers alone.
    const isJson = text !== '' && /json/.test(response.headers.get('Content-Type') ?? '')
    return { status: response.status, headers: response.headers, body: (isJson ? JSON.parse(text) : text) as Body }
  }
  return call
}

export type Caller = ReturnType<typeof createCaller>

/** The body without what differs from request to request, to compare two refusals byte by byte. */
export const withoutRequestId = (body: unknown): string => JSON.stringify({ ...(body as Problem), requestId: '' })
