import type { DataClass } from '../domain/dataClass.ts'
import { propertyClasses } from './entities.ts'

/** Property to column, as the ORM's naming strategy does it: `districtId` → `district_id`. */
const toColumn = (property: string): string => property.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`)

/** Table → column → class. */
export const columnClasses: Readonly<Record<string, Readonly<Record<string, DataClass>>>> = Object.fromEntries(
  Object.entries(propertyClasses).map(([table, classes]) => [
    table,
    Object.fromEntries(Object.entries(classes).map(([property, dataClass]) => [toColumn(property), dataClass])),
  ]),
)

/** The columns of a table that hold none but ids, states, times and counts. */
export const internalColumnsOf = (table: string): string[] =>
  Object.entries(columnClasses[table] ?? {}).flatMap(([column, dataClass]) => (dataClass === 'internal' ? [column] : []))

/**
 * Names under which a log line must never show a value: every property and column that holds user content, personal data or a
 * secret. A name counts as guarded if any table guards it.
 */
export const redactedNames: readonly string[] = [
  ...new Set(
    Object.values(propertyClasses).flatMap((classes) =>
      Object.entries(classes).flatMap(([property, dataClass]) => (dataClass === 'internal' ? [] : [property, toColumn(property)])),
    ),
  ),
].toSorted()
