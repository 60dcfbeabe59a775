import { custodies, readCustody } from './custody.ts'
import type { Custody, CustodySource } from './custody.ts'
import type { EventReading, RecordFault } from './readEvent.ts'
import { readId } from './readField.ts'
import { isToBeDeleted, toMetadata, toReference } from './rest/records.ts'
import type { RestRecord } from './rest/records.ts'
import type { EventAction } from './rosterEvents.ts'

/** The record's own word, which is ours, or that of the district's systems. Null: neither of ours. */
const readWord = (record: RestRecord, source: CustodySource | null): Custody | null => {
  const word: unknown = record['custody'] ?? null
  if (word === null) return readCustody(source === null ? '' : toMetadata(record, source.column), source)
  return custodies.find((custody) => custody === word) ?? null
}

/**
 * Understands the record of a guardianship, which OneRoster does not have: `{ student, guardian, custody }`, two references, and what the one may. Who the two are
 * is what it is known by; another id is not looked at. Custody that is not said is unknown, and connects nobody.
 */
export const readGuardianship = (record: RestRecord, action: EventAction, source: CustodySource | null): EventReading => {
  const isRemoval = action === 'deleted' || isToBeDeleted(record)
  const faults: RecordFault[] = []
  const read = (name: string): string => {
    const id = readId(toReference(record[name]))
    if ('value' in id) return id.value
    faults.push({ pointer: `/${name}/sourcedId`, code: id.code })
    return ''
  }
  const [studentSourcedId, guardianSourcedId] = [read('student'), read('guardian')]
  const custody = isRemoval ? null : readWord(record, source)
  if (!isRemoval && custody === null) faults.push({ pointer: '/custody', code: 'value-unknown' })
  if (faults.length > 0) return { faults }
  const sourcedId = `${studentSourcedId} ${guardianSourcedId}`
  return {
    sourcedId,
    rows: [{ kind: 'guardianship', sourcedId, studentSourcedId, guardianSourcedId, custody }],
    taken: [[sourcedId, custody ?? 'tobedeleted']],
  }
}
