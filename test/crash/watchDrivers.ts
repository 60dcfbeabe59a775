import { S3Client } from '@aws-sdk/client-s3'
import { createRequire } from 'node:module'
import type Pg from 'pg'
import type { EffectWatch } from './effectWatch.ts'

/** The driver that the ORM has, which need not be the one that the tests have. */
const { Client } = createRequire(createRequire(import.meta.url).resolve('@mikro-orm/postgresql'))('pg') as typeof Pg

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

/**
 * Watches, at the driver, every writing statement and the commit of every transaction that wrote: whoever opened it, and however. For a process
 * of its own.
 */
export const watchStatements = (watch: EffectWatch): void => {
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
    return watch.around(written, send)
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
