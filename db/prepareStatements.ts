import { createHash } from 'node:crypto'
import type { Pool, QueryConfig } from 'pg'

/** More texts than that are not ours: a connection remembers no further ones, and plans them each time. */
const namesMax = 400

/**
 * Has each connection of a pool remember the statements that it runs with parameters, by name. Postgres plans a statement without a name each time, and ours
 * ask the live roster: planning takes ten times as long as running them. Whether the one plan of a prepared statement is taken for all values is for
 * `plan_cache_mode` to say.
 */
export const prepareStatements = (pool: Pool): void => {
  pool.on('connect', (client) => {
    const names = new Map<string, string>()
    const run = client.query.bind(client) as (...of: unknown[]) => unknown
    const toName = (text: string): string | undefined => {
      const known = names.get(text)
      if (known !== undefined || names.size >= namesMax) return known
      const name = createHash('sha256').update(text).digest('base64url')
      names.set(text, name)
      return name
    }
    const runNamed = (text: unknown, values: unknown, ...more: unknown[]): unknown => {
      if (typeof text !== 'string' || !Array.isArray(values) || values.length === 0) return run(text, values, ...more)
      const name = toName(text)
      const config: QueryConfig = { text, values, ...(name === undefined ? {} : { name }) }
      return run(config, ...more)
    }
    client.query = runNamed as typeof client.query
  })
}
