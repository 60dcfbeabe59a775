import { sql } from 'kysely'
import type { UserRole } from '../../domain/access.ts'
import type { DistrictTransaction } from '../openDatabase.ts'
import { findRows } from '../rows.ts'

/** A person as others see them. */
export type Person = { id: string; role: UserRole; givenName: string; familyName: string }

/** Of people that were found: one whom a row names, and who is there then, since a foreign key promises it. */
export const getPerson = (people: ReadonlyMap<string, Person>, id: string): Person => {
  const person = people.get(id)
  if (person === undefined) throw new Error('a row names a person who is not there')
  return person
}

/** The people with these ids, by id. For what was decided in the same transaction: it decides nothing itself. */
export const findPeople = async (tx: DistrictTransaction, ids: readonly string[]): Promise<ReadonlyMap<string, Person>> => {
  if (ids.length === 0) return new Map()
  const people = await findRows(
    tx.db,
    sql<Person>`
      select id, role, given_name as "givenName", family_name as "familyName" from users
      where district_id = ${tx.districtId} and id in (${sql.join([...new Set(ids)])})`,
  )
  return new Map(people.map((person) => [person.id, person]))
}
