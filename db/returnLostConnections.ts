import type { Pool, PoolClient } from 'pg'

/**
 * Gives a connection that the server ended in the middle of a transaction back to its pool. Whoever holds it is told by their next
 * statement, cannot roll back over it, and would keep its place in the pool for good.
 */
export const returnLostConnections = (pool: Pool): void => {
  const held = new WeakSet<PoolClient>()
  pool.on('acquire', (client) => void held.add(client))
  pool.on('release', (_error, client) => void held.delete(client))
  pool.on('connect', (client) => {
    client.on('error', () => {
      if (!held.has(client)) return
      client.release(true)
      // The holder's own release comes too late, and the pool takes a second one for a mistake.
      client.release = () => undefined
    })
  })
}
