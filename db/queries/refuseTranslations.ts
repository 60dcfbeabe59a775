import { sql } from 'kysely'
import type { DistrictTransaction } from '../openDatabase.ts'
import { findRow, findRows } from '../rows.ts'
import { isActive, isLiveGuardian, withToday } from './liveRelation.ts'
import { recordAudit } from './recordAudit.ts'

type Ref = { studentId: string; guardianId: string }

/** Parts of a statement: `mine`, the children of whom the guardian may say so today, all of them or the one. */
const withMine = (districtId: string, { guardianId, studentId }: { guardianId: string; studentId?: string }) => sql`
  ${withToday(districtId)},
  mine as materialized (
    select distinct guarding.student_id from guardianships guarding
    where ${isLiveGuardian(districtId)} and guarding.guardian_id = ${guardianId} and guarding.student_id <> guarding.guardian_id
      ${studentId === undefined ? sql`` : sql`and guarding.student_id = ${studentId}`}
      and ${isActive(districtId, sql`guarding.student_id`)})`

/** A refusal of somebody who is no guardian of the child's today. Whom the brake holds is one still: should the feed prove to be wrong, nobody could bring the refusal back. */
const isForsaken = (districtId: string) => sql`not exists (
  select 1 from guardianships guarding where ${isLiveGuardian(districtId, 'as-there')} and guarding.guardian_id = refusal.guardian_id and guarding.student_id = refusal.student_id)`

const record = (tx: DistrictTransaction, { studentId, guardianId }: Ref, action: string): Promise<void> =>
  recordAudit(tx, { actor: { kind: 'user', id: guardianId }, action, target: { kind: 'user', id: studentId } })

type Done = { isGuardian: boolean; isChanged: boolean }

const settle = async (tx: DistrictTransaction, ref: Ref, action: string, done: Done | null): Promise<boolean> => {
  if (done?.isChanged === true) await record(tx, ref, action)
  return done?.isGuardian === true
}

/**
 * A guardian refuses translations for their child: from this commit on nothing of the child's conversations goes to the translator, and what was translated is shown no more. Refusing
 * twice is refusing once. Answers whether they are the child's guardian, with confirmed custody, by the live roster of the same statement.
 */
export const refuseTranslations = async (tx: DistrictTransaction, ref: Ref): Promise<boolean> => {
  const done = await findRow(
    tx.db,
    sql<Done>`
      ${withMine(tx.districtId, ref)},
      added as (
        insert into translation_refusals (district_id, student_id, guardian_id, created_at)
        select ${tx.districtId}::uuid, student_id, ${ref.guardianId}::uuid, statement_timestamp() from mine
        on conflict (district_id, student_id, guardian_id) do nothing
        returning student_id)
      select exists (select 1 from mine) as "isGuardian", exists (select 1 from added) as "isChanged"`,
  )
  return settle(tx, ref, 'translations.refuse', done)
}

/**
 * They take it back, and with it what somebody refused who is no guardian of the child's any more and cannot take it back: of another guardian's refusal only that one
 * decides. Answers as `refuseTranslations`.
 */
export const takeBackRefusal = async (tx: DistrictTransaction, ref: Ref): Promise<boolean> => {
  const done = await findRow(
    tx.db,
    sql<Done>`
      ${withMine(tx.districtId, ref)},
      dropped as (
        delete from translation_refusals refusal using mine
        where refusal.district_id = ${tx.districtId} and refusal.student_id = mine.student_id
          and (refusal.guardian_id = ${ref.guardianId} or ${isForsaken(tx.districtId)})
        returning refusal.guardian_id)
      select exists (select 1 from mine) as "isGuardian", exists (select 1 from dropped) as "isChanged"`,
  )
  return settle(tx, ref, 'translations.allow', done)
}

/** A child of a guardian's, and who refuses translations for them. */
export type ChildTranslations = { studentId: string; isRefusedByMe: boolean; isRefusedByOthers: boolean }

/** The guardian's children today. */
export const listChildTranslations = ({ db, districtId }: DistrictTransaction, guardianId: string): Promise<ChildTranslations[]> =>
  findRows(
    db,
    sql<ChildTranslations>`
      ${withMine(districtId, { guardianId })}
      select mine.student_id as "studentId", coalesce(bool_or(refusal.guardian_id = ${guardianId}), false) as "isRefusedByMe",
        coalesce(bool_or(refusal.guardian_id <> ${guardianId}), false) as "isRefusedByOthers"
      from mine left join translation_refusals refusal on refusal.district_id = ${districtId} and refusal.student_id = mine.student_id
      group by mine.student_id order by mine.student_id`,
  )
