import { defineEntity, p } from '@mikro-orm/core'
import type { ColumnClasses } from '../columnClasses.ts'
import { districtWall } from '../districtPolicies.ts'

const properties = {
  districtId: p.uuid().primary(),
  sectionId: p.uuid().primary(),
  /** Number of the newest announcement: counted under this row's lock, so it has no gaps. */
  lastSeq: p.integer(),
  /** Its time; the next one is later, whatever the clock does. */
  lastAt: p.datetime(),
}

export const sectionBoardClasses: ColumnClasses<typeof properties> = {
  districtId: 'internal',
  sectionId: 'internal',
  lastSeq: 'internal',
  lastAt: 'internal',
}

/** Counts the announcements of a section. Not a column of `sections`, which only a roster changes. */
export const SectionBoardSchema = defineEntity({ name: 'SectionBoard', tableName: 'section_boards', ...districtWall, properties })
export class SectionBoard extends SectionBoardSchema.class {}
SectionBoardSchema.setClass(SectionBoard)
