import type { DataClass } from '../domain/dataClass.ts'

/** Every column of an entity and what it holds; a column without a class does not compile. */
export type ColumnClasses<Properties> = { readonly [Column in keyof Properties]: DataClass }
