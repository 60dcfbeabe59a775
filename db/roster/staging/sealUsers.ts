import { sql } from 'kysely'
import { v7 as newId } from 'uuid'
import type { UserRow } from '../../../domain/roster/rosterRow.ts'
import type { ColumnCipher } from '../../districtKeys.ts'
import { findRows } from '../../rows.ts'
import type { RosterTransaction } from '../rosterTransaction.ts'
import type { StagedRow } from './stageRow.ts'

/** `line` is null for an event. */
export type UserLine = { line: number | null; row: UserRow }

/** Hashes as Postgres writes bytes, `\\x…`: as bytes they would be two more objects for each of all people. */
type Known = { id: string; sourcedId: string; emailHash: string | null; phoneHash: string | null }

const toHex = (bytes: Buffer): string => `\\x${bytes.toString('hex')}`

/**
 * People as they are staged. Addresses never reach the database in the clear (law 10), so what is new of them is sealed here, under the id that the
 * row has or is to have; those that the keyed hash knows already are left out.
 */
export const sealUsers = async (tx: RosterTransaction, cipher: ColumnCipher, people: readonly UserLine[]): Promise<StagedRow[]> => {
  const known = await findKnown(
    tx,
    people.map(({ row }) => row.sourcedId),
  )
  return people.map(({ line, row }) => {
    const there = known.get(row.sourcedId)
    const id = there?.id ?? newId()
    const email = row.email === null ? null : toHex(cipher.hashForLookup(row.email.toLowerCase()))
    const phone = row.phone === null ? null : toHex(cipher.hashForLookup(row.phone))
    const isNew = there === undefined || email !== there.emailHash || phone !== there.phoneHash
    const seal = (column: 'email' | 'phone'): string | null => {
      const text = row[column]
      return !isNew || text === null ? null : toHex(cipher.sealText({ table: 'users', rowId: id, column }, text))
    }
    const { sourcedId, givenName, familyName, isEnabled, custody, language } = row
    const values = [
      sourcedId,
      id,
      givenName,
      familyName,
      isEnabled,
      custody,
      language,
      seal('email'),
      email,
      seal('phone'),
      phone,
      isNew,
      line,
    ]
    return { table: 'staged_users', values }
  })
}

const findKnown = async ({ db, districtId }: RosterTransaction, sourcedIds: readonly string[]): Promise<ReadonlyMap<string, Known>> => {
  const rows = await findRows(
    db,
    sql<Known>`
      select id, sourced_id as "sourcedId", '\\x' || encode(email_hash, 'hex') as "emailHash", '\\x' || encode(phone_hash, 'hex') as "phoneHash" from users
      where district_id = ${districtId} and sourced_id = any(${sourcedIds}::text[])`,
  )
  return new Map(rows.map((row) => [row.sourcedId, row]))
}
