import { sql } from 'kysely'
import { toBudgetNews, type BudgetNews } from '../../domain/translation/budget.ts'
import type { DistrictTransaction } from '../openDatabase.ts'
import { findRow, getRow } from '../rows.ts'
import type { TranslationAttempt } from './findTranslationWork.ts'

/** `news`: what the district's administrators are to be told of this month, if they were not. `month`: its first day. */
export type TranslationCharge =
  | { outcome: 'charged' | 'exhausted'; month: string; news: BudgetNews | null }
  /** The row is not pending in this attempt any more. */
  | { outcome: 'superseded' }

type Usage = { month: string; characters: string; budget: string | null; warnedAt: string | null; exhaustedAt: string | null }

/**
 * Charges an attempt to the district's budget of this month, before anything is sent. Each attempt is charged once, however often it is tried. The month's row stays locked until the
 * transaction ends, so that no budget is exceeded however many come at once; what does not fit is not charged.
 */
export const chargeTranslation = async (
  tx: DistrictTransaction,
  { translationId, attempt, characters }: TranslationAttempt & { characters: number },
): Promise<TranslationCharge> => {
  const { db, districtId } = tx
  await sql`
    insert into translation_usage (district_id, month, characters) select d.id, ${monthOf('d')}, 0 from districts d where d.id = ${districtId}
    on conflict (district_id, month) do nothing`.execute(db)
  const usage = await getRow(
    db,
    sql<Usage>`
      select u.month::text as month, u.characters, d.translation_budget as budget, u.warned_at as "warnedAt", u.exhausted_at as "exhaustedAt"
      from districts d join translation_usage u on u.district_id = d.id and u.month = ${monthOf('d')}
      where d.id = ${districtId} and u.district_id = ${districtId} for update of u`,
  )
  const row = await findRow(
    db,
    sql<{ isCharged: boolean }>`
      select charged_attempt >= ${attempt} as "isCharged" from translations
      where district_id = ${districtId} and id = ${translationId} and attempt = ${attempt} and state = 'pending' for update`,
  )
  if (row === null) return { outcome: 'superseded' }
  const budget = usage.budget === null ? null : Number(usage.budget)
  const told = { isWarned: usage.warnedAt !== null, isTold: usage.exhaustedAt !== null }
  const used = Number(usage.characters) + (row.isCharged ? 0 : characters)
  const { month } = usage
  if (budget !== null && used > budget && !row.isCharged) return { outcome: 'exhausted', month, news: told.isTold ? null : 'exhausted' }
  if (!row.isCharged) await charge(tx, { translationId, attempt, characters, month })
  return { outcome: 'charged', month, news: toBudgetNews({ used, budget, ...told }) }
}

type Charge = TranslationAttempt & { characters: number; month: string }

const charge = async ({ db, districtId }: DistrictTransaction, { translationId, attempt, characters, month }: Charge): Promise<void> => {
  await sql`update translation_usage set characters = characters + ${characters} where district_id = ${districtId} and month = ${month}::date`.execute(
    db,
  )
  await sql`
    update translations set charged_attempt = ${attempt}, characters = ${characters}
    where district_id = ${districtId} and id = ${translationId}`.execute(db)
}

/** The month in which the district is, by the database's clock. */
const monthOf = (alias: string) => sql`date_trunc('month', statement_timestamp() at time zone ${sql.ref(alias)}.time_zone)::date`

/** Its administrators were told: not again in this month. */
export const markBudgetTold = async (
  { db, districtId }: DistrictTransaction,
  { month, news }: { month: string; news: BudgetNews },
): Promise<void> => {
  const told =
    news === 'exhausted'
      ? sql`update translation_usage set exhausted_at = statement_timestamp() where district_id = ${districtId} and month = ${month}::date`
      : sql`update translation_usage set warned_at = statement_timestamp() where district_id = ${districtId} and month = ${month}::date`
  await told.execute(db)
}
