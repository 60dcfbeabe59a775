import { withDistrict } from '../../db/openDatabase.ts'
import { chargeTranslation } from '../../db/queries/chargeTranslation.ts'
import type { BudgetNews } from '../../domain/translation/budget.ts'
import { countCharacters } from '../../domain/translation/countCharacters.ts'
import type { TranslationRef } from '../../workflows/contract.ts'
import { endWithout, openTranslationWork } from './openTranslationWork.ts'
import type { TranslationDeps } from './translationDeps.ts'
import { superseded, type TranslationEnding } from './translationEnding.ts'

/** What administrators are to be told, of which month. */
export type BudgetTelling = { month: string; news: BudgetNews }
/** `ending` is null while the run is to go on. */
export type BudgetCharge = { ending: TranslationEnding | null; telling: BudgetTelling | null }

/**
 * Charges the district for a translation before anything of it is sent, once for each attempt. What is over the month's budget fails here, as does everything where there is no
 * provider; what may not be translated any more is cancelled.
 */
export const createChargeBudget =
  (deps: Pick<TranslationDeps, 'app' | 'districtKeys' | 'translator'>) =>
  async (ref: TranslationRef): Promise<BudgetCharge> => {
    if (deps.translator === null) return { ending: await endWithout(deps, ref, 'failed', 'not-configured'), telling: null }
    const found = await openTranslationWork(deps, ref)
    if ('ending' in found) return { ending: found.ending, telling: null }
    const characters = countCharacters(found.opened.text)
    const charge = await withDistrict(deps.app, ref.districtId, (tx) => chargeTranslation(tx, { ...ref, characters }))
    if (charge.outcome === 'superseded') return { ending: superseded, telling: null }
    const { month, news } = charge
    const telling = news === null ? null : { month, news }
    return { telling, ending: charge.outcome === 'charged' ? null : await endWithout(deps, ref, 'failed', 'budget-exhausted') }
  }
