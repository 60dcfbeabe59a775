import { feedLimits } from '../../../domain/roster/feedLimits.ts'
import { sourcedIdOf } from '../../../domain/roster/rest/records.ts'
import type { Collection, RestRecord } from '../../../domain/roster/rest/records.ts'
import type { GuardedAnswer, GuardedFetch } from '../../guardedFetch/createGuardedFetch.ts'
import { createIdIndex } from '../createIdIndex.ts'
import { createTokenSource } from './createTokenSource.ts'
import type { ClientCredentials } from './createTokenSource.ts'
import { ProviderFault } from './providerFault.ts'
import { readRetryAfter } from './readRetryAfter.ts'
import { withPatience } from './withPatience.ts'
import type { Patience, Trouble } from './withPatience.ts'

/** A provider of OneRoster 1.2 over REST, as a district names it. */
export type Provider = {
  /**
   * Every row of a collection, page by page; of those only that changed after `since` when one is given.
   * @throws ProviderFault | FetchRefused | FetchFailed, or the reason of `signal`
   */
  read(collection: Collection, options: { since: Date | null; signal: AbortSignal }): AsyncGenerator<RestRecord[]>
}

export type ProviderOptions = {
  fetch: Pick<GuardedFetch, 'send'>
  /** With or without the path of the service. */
  baseUrl: string
  credentials: ClientCredentials
  patience: Patience
  rowsPerPage?: number
  timeoutMs?: number
}

const servicePath = '/ims/oneroster/rostering/v1p2'
const bytesPerPageMax = 32 * 1024 * 1024

type Page = { records: RestRecord[]; total: number | null; hasNext: boolean | null }
type Ask = (collection: Collection, query: URLSearchParams, signal: AbortSignal) => Promise<Page>

export const createProvider = (options: ProviderOptions): Provider => {
  const { rowsPerPage = 1_000 } = options
  const ask = createAsk(options)
  return {
    async *read(collection, { since, signal }) {
      const walk = createWalk(collection, since === null)
      for (;;) {
        const query = new URLSearchParams({ limit: String(rowsPerPage), offset: String(walk.offset), sort: 'sourcedId', orderBy: 'asc' })
        if (since !== null) query.set('filter', `dateLastModified>'${since.toISOString()}'`)
        const page = await ask(collection, query, signal)
        const { fresh, isLast } = walk.add(page)
        if (fresh.length > 0) yield fresh
        if (isLast) return
      }
    },
  }
}

const createAsk = (options: ProviderOptions): Ask => {
  const { fetch, credentials, patience, timeoutMs = 60_000 } = options
  const root = options.baseUrl.replace(/\/+$/, '')
  const service = root.endsWith(servicePath) ? root : `${root}${servicePath}`
  const tokens = createTokenSource(fetch, credentials, { timeoutMs })
  const send = (url: string, token: string, signal: AbortSignal): Promise<GuardedAnswer> =>
    fetch.send(url, {
      method: 'GET',
      headers: { authorization: `Bearer ${token}`, accept: 'application/json' },
      timeoutMs,
      bytesMax: bytesPerPageMax,
      signal,
    })
  return (collection, query, signal) => {
    let refusals = 0
    const attempt = async (): Promise<Page | { trouble: Trouble }> => {
      const token = await tokens.current(signal)
      if (typeof token !== 'string') return { trouble: token }
      const answer = await send(`${service}/${collection}?${query.toString()}`, token, signal)
      if (answer.status !== 401) return toPage(collection, answer)
      tokens.forget(token)
      refusals += 1
      // A token may end early once; a new one that is refused too is not the token's fault.
      if (refusals > 1) throw new ProviderFault('unauthorized', { collection, status: 401 })
      return attempt()
    }
    return withPatience(patience, signal, attempt)
  }
}

const toPage = (collection: Collection, answer: GuardedAnswer): Page | { trouble: Trouble } => {
  const { status, headers, body } = answer
  if (status === 429 || status === 503) return { trouble: { code: 'busy', afterMs: readRetryAfter(answer) } }
  if (status === 408 || status >= 500) return { trouble: { code: 'failing', afterMs: readRetryAfter(answer) } }
  if (status === 403) throw new ProviderFault('forbidden', { collection, status })
  if (status === 404) throw new ProviderFault('not-found', { collection, status })
  if (status !== 200) throw new ProviderFault('request-refused', { collection, status })
  const records = toRecords(body, collection)
  if (records === null) return { trouble: { code: 'answer-malformed', afterMs: null } }
  const total = headers.get('x-total-count')?.trim() ?? ''
  const link = headers.get('link')
  return {
    records,
    total: /^\d{1,12}$/.test(total) ? Number(total) : null,
    // Whether there is more; the address itself is not followed, since where we go is ours to say.
    hasNext: link === undefined ? null : /;\s*rel="?next"?/i.test(link),
  }
}

const toRecords = (body: Buffer, collection: Collection): RestRecord[] | null => {
  try {
    const answer: unknown = JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(body))
    const records = typeof answer === 'object' && answer !== null ? (answer as Record<string, unknown>)[collection] : null
    if (!Array.isArray(records)) return null
    return records.every((record) => typeof record === 'object' && record !== null && !Array.isArray(record)) ? records : null
  } catch {
    return null
  }
}

/**
 * Counts what came against what was said. In bulk a row that is missing is a person who loses access, so the rows must be as many as the provider
 * says there are, and none may have come or gone meanwhile; in a delta such a row is in the next one.
 */
const createWalk = (collection: Collection, isBulk: boolean) => {
  const seen = createIdIndex()
  let offset = 0
  let total: number | null = null
  return {
    get offset() {
      return offset
    },
    add: (page: Page): { fresh: RestRecord[]; isLast: boolean } => {
      if (isBulk && total !== null && page.total !== total) throw new ProviderFault('rows-moved', { collection })
      total = page.total ?? total
      const fresh: RestRecord[] = []
      for (const record of page.records) {
        const id = sourcedIdOf(record)
        if (id !== '' && seen.has(id)) continue
        if (id !== '') seen.add(id)
        fresh.push(record)
      }
      offset += page.records.length
      if (page.records.length > 0 && fresh.length === 0) throw new ProviderFault('pages-repeat', { collection })
      if (isBulk && fresh.length < page.records.length) throw new ProviderFault('rows-moved', { collection })
      if (offset > feedLimits.rowsMax) throw new ProviderFault('rows-too-many', { collection })
      if (isBulk && total !== null && offset > total) throw new ProviderFault('total-wrong', { collection })
      const isLast = isEnd(page, offset, total)
      if (isLast && isBulk && total !== null && offset !== total) throw new ProviderFault('total-wrong', { collection })
      return { fresh, isLast }
    },
  }
}

/** An empty page ends a collection; of one that is not empty the total and the link say it, and where they differ it is looked once more. */
const isEnd = ({ records, hasNext }: Page, offset: number, total: number | null): boolean => {
  if (records.length === 0) return true
  if (total !== null) return offset >= total && hasNext !== true
  return hasNext === false
}
