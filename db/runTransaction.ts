import { CompiledQuery, type Kysely, type QueryExecutorProvider } from 'kysely'

/** Which transaction: `opening` is the text that begins it. What a read-only one has read is answered before its end is: nothing of it is to be made durable. */
export type TransactionTerms = { opening: string; isReadOnly: boolean }

/**
 * Runs `work` in one transaction of one connection: commits when it resolves, rolls back when it rejects. The text that begins it is sent ahead of the first
 * statement and not waited for (the pool's connections are pipelined), and so are the statements that `work` does not wait for. If it fails, every
 * statement behind it fails too: none ever runs outside the transaction, or in another district.
 */
export const runTransaction = <T>(
  pool: Kysely<unknown>,
  { opening, isReadOnly }: TransactionTerms,
  work: (db: QueryExecutorProvider) => Promise<T>,
): Promise<T> => {
  const executor = pool.getExecutor()
  const { promise, resolve, reject } = Promise.withResolvers<T>()
  executor
    .provideConnection(async (connection) => {
      const say = (text: string): Promise<unknown> => connection.executeQuery(CompiledQuery.raw(text))
      const within = executor.withConnectionProvider({ provideConnection: (consume) => consume(connection) })
      const opened = say(opening)
      opened.catch(() => undefined)
      try {
        const done = await work({ getExecutor: () => within })
        await opened
        if (isReadOnly) resolve(done)
        await say('commit')
        resolve(done)
      } catch (error) {
        await say('rollback').catch(() => undefined)
        throw error
      }
    })
    .catch(reject)
  return promise
}
