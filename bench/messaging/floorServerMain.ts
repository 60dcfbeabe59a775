/**
 * What a post costs at the least: the same HTTP server takes JSON, encrypts the text with a key that is there, and inserts it into a plain table of the same
 * database, as durable as ours. Nobody is asked who they are, and nothing is decided. Says its port on standard output.
 */
import { createCipheriv, randomBytes } from 'node:crypto'
import { Hono } from 'hono'
import pg from 'pg'
import { v7 as newId } from 'uuid'
import { listen } from '../../api/listen.ts'

const pool = new pg.Pool({ connectionString: process.env['FLOOR_DATABASE_URL'], max: 10 })
await pool.query('create schema if not exists floor')
await pool.query(
  'create table if not exists floor.messages (id uuid primary key, body bytea not null, created_at timestamptz not null default now())',
)

const key = randomBytes(32)
const seal = (text: string): Buffer => {
  const nonce = randomBytes(12)
  const cipher = createCipheriv('aes-256-gcm', key, nonce)
  return Buffer.concat([nonce, cipher.update(text, 'utf8'), cipher.final(), cipher.getAuthTag()])
}

const app = new Hono().post('/messages', async (c) => {
  const { text } = await c.req.json<{ text: string }>()
  const id = newId()
  const { rows } = await pool.query<{ created_at: Date }>('insert into floor.messages (id, body) values ($1, $2) returning created_at', [
    id,
    seal(text),
  ])
  return c.json({ id, text, createdAt: rows[0]?.created_at.toISOString() }, 201)
})

const { port } = await listen(app, { host: '127.0.0.1', port: 0 })
process.stdout.write(`${port}\n`)
