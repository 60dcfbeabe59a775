import { AsyncLocalStorage } from 'node:async_hooks'
import { createRequire } from 'node:module'
import { S3Client } from '@aws-sdk/client-s3'
import type Pg from 'pg'
import type { EffectWatch } from './effectWatch.ts'

/** Both drivers: the ORM's, and that of the connections on which feeds are staged. */
const Clients = [
  (createRequire(createRequire(import.meta.url).resolve('@mikro-orm/postgresql'))('pg') as typeof Pg).Client,
  (createRequire(import.meta.url)('pg') as typeof Pg).Client,
]

type Query = (this: object, ...input: unknown[]) => unknown

/** What a statement writes, such as `update attachments`; null for one that only reads. Locking is not writing. */
export const toWritten = (text: string): string | null => {
  const words = /(?<!\bfor )\b(insert into|update|delete from|truncate|copy)\s+([\w."]+)/i.exec(text)
  return words === null ? null : `${words[1]?.toLowerCase()} ${words[2]?.replaceAll('"', '')}`
}

const toStatement = (given: unknown): string => {
  if (typeof given === 'string') return given
  return typeof given === 'object' && given !== null && 'text' in given ? String(given.text) : ''
}

/** What the driver sends by itself and lets somebody write into: a COPY. */
type Submittable = { submit(connection: unknown): void; handleReadyForQuery(): void }

const isSubmittable = (given: unknown): given is Submittable => typeof given === 'object' && given !== null && 'submit' in given

/** Watches a COPY: it is sent when it may be, and is at its end for whoever writes into it when the server has all of it and the process goes on. */
const watchCopy = (copy: Submittable, watch: EffectWatch, name: string): void => {
  const within = AsyncLocalStorage.snapshot()
  const { promise: copied, resolve: end } = Promise.withResolvers<void>()
  const submit = copy.submit.bind(copy)
  const finish = copy.handleReadyForQuery.bind(copy)
  const send = (connection: unknown): Promise<void> => {
    submit(connection)
    return copied
  }
  copy.submit = (connection) => void within(() => watch.around(name, () => send(connection))).then(finish)
  copy.handleReadyForQuery = end
}

/**
 * Watches, at the driver, every writing statement and the commit of every transaction that wrote: whoever opened it, and however. For a process
 * of its own.
 */
export const watchStatements = (watch: EffectWatch): void => {
  for (const Client of new Set(Clients)) watchClient(Client, watch)
}

const watchClient = (Client: typeof Pg.Client, watch: EffectWatch): void => {
  const { query } = Client.prototype as unknown as { query: Query }
  const writers = new WeakSet<object>()
  const watched = function (this: object, ...input: unknown[]): unknown {
    const text = toStatement(input[0])
    const send = async (): Promise<unknown> => query.apply(this, input)
    if (/^\s*(begin|start transaction)\b/i.test(text)) writers.delete(this)
    if (/^\s*commit\b/i.test(text)) return writers.has(this) ? watch.around('commit', send) : query.apply(this, input)
    const written = toWritten(text)
    if (written === null) return query.apply(this, input)
    writers.add(this)
    if (!isSubmittable(input[0])) return watch.around(written, send)
    watchCopy(input[0], watch, written)
    return query.apply(this, input)
  }
  Object.assign(Client.prototype, { query: watched })
}

/** The calls of which one write of a large object is made; every other call is the bucket's own method. */
const parts: readonly string[] = [
  'CreateMultipartUploadCommand',
  'UploadPartCommand',
  'CompleteMultipartUploadCommand',
  'AbortMultipartUploadCommand',
]

/** Watches the parts of large writes. For a process of its own. */
export const watchParts = (watch: EffectWatch): void => {
  const { send } = S3Client.prototype as unknown as { send: Query }
  const watched = function (this: object, ...input: unknown[]): unknown {
    const name = (input[0] as object).constructor.name
    if (!parts.includes(name)) return send.apply(this, input)
    return watch.around(name.replace(/Command$/, ''), async () => send.apply(this, input))
  }
  Object.assign(S3Client.prototype, { send: watched })
}
