import { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { parse } from 'csv-parse'
import pg from 'pg'
import { from as copyFrom } from 'pg-copy-streams'
import { openFeedZip } from '../../clients/oneroster/openFeedZip.ts'

/** What the same feed costs at the least: the zip unpacked, its CSV parsed, copied into Postgres, compared in SQL, and the difference applied. No rules. */
export type Floor = {
  /** Brings the tables to the feed. Seconds. */
  sync(path: string): Promise<number>
  close(): Promise<void>
}

const files = ['orgs', 'academicSessions', 'courses', 'classes', 'users', 'roles', 'enrollments'] as const

const toLine = (cells: readonly string[]): string =>
  `${cells.map((cell) => cell.replace(/[\\\t\n\r]/g, (character) => `\\x${character.charCodeAt(0).toString(16)}`)).join('\t')}\n`

async function* toLines(rows: AsyncIterable<string[]>): AsyncGenerator<string> {
  let waiting = ''
  let isHeader = true
  for await (const row of rows) {
    if (isHeader) {
      isHeader = false
      continue
    }
    waiting += toLine(row)
    if (waiting.length < 65_536) continue
    yield waiting
    waiting = ''
  }
  if (waiting !== '') yield waiting
}

const readHeader = async (chunks: AsyncIterable<Buffer>): Promise<string[]> => {
  for await (const row of Readable.from(chunks).pipe(parse({ to: 1 })) as AsyncIterable<string[]>) return row
  throw new Error('the feed has an empty file')
}

/** Tables of its own in the same database, plain: an id and the other cells as they are, without a district and without row-level security. */
export const openFloor = async (superuserUrl: string): Promise<Floor> => {
  const client = new pg.Client({ connectionString: superuserUrl })
  await client.connect()
  await client.query(
    `create schema if not exists floor; set search_path = floor; set work_mem = '128MB'; set temp_buffers = '64MB'; set jit = off`,
  )
  return {
    sync: async (path) => {
      const began = performance.now()
      const zip = await openFeedZip(path)
      try {
        const columns = new Map<string, string[]>()
        for (const file of files) {
          const header = await readHeader(zip.read(`${file}.csv`))
          columns.set(file, header)
          const list = header.map((name) => `"${name}" text`).join(', ')
          await client.query(
            `create table if not exists "${file}" (${list}, primary key ("sourcedId")); create temporary table "new_${file}" (${list})`,
          )
          const rows = Readable.from(zip.read(`${file}.csv`)).pipe(parse()) as AsyncIterable<string[]>
          await pipeline(Readable.from(toLines(rows)), client.query(copyFrom(`copy "new_${file}" from stdin`)))
          await client.query(`analyze "new_${file}"`)
        }
        await apply(client, columns)
      } finally {
        zip.close()
      }
      return (performance.now() - began) / 1_000
    },
    close: () => client.end(),
  }
}

const apply = async (client: pg.Client, columns: ReadonlyMap<string, readonly string[]>): Promise<void> => {
  await client.query('begin')
  for (const [file, header] of columns) {
    const others = header.filter((name) => name !== 'sourcedId').map((name) => `"${name}"`)
    await client.query(`delete from "${file}" r where not exists (select 1 from "new_${file}" n where n."sourcedId" = r."sourcedId")`)
    await client.query(`update "${file}" r set ${others.map((name) => `${name} = n.${name}`).join(', ')} from "new_${file}" n
      where n."sourcedId" = r."sourcedId" and (${others.map((name) => `r.${name}`).join(', ')}) is distinct from (${others.map((name) => `n.${name}`).join(', ')})`)
    await client.query(
      `insert into "${file}" select * from "new_${file}" n where not exists (select 1 from "${file}" r where r."sourcedId" = n."sourcedId")`,
    )
    await client.query(`drop table "new_${file}"`)
  }
  await client.query('commit')
}
