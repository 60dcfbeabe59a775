import { withDistrict } from '../../db/openDatabase.ts'
import { markBudgetTold } from '../../db/queries/chargeTranslation.ts'
import { toBudgetNotice } from '../../domain/translation/budget.ts'
import { mailAdministrators } from '../roster/mailAdministrators.ts'
import type { BudgetTelling } from './chargeBudget.ts'
import type { TranslationDeps } from './translationDeps.ts'

/**
 * Tells everybody who administers the district, by mail, that its budget of translations is nearly or quite used up, once a month each. Told twice only if a mail could not be sent, or
 * this worker dies, before all were: both mails then have one Message-ID. Answers how many were.
 */
export const createTellBudget =
  (deps: Pick<TranslationDeps, 'app' | 'districtKeys' | 'mailer'>) =>
  async (districtId: string, { month, news }: BudgetTelling): Promise<{ told: number }> => {
    const id = `translation-budget.${districtId}.${month}.${news}`
    const told = await mailAdministrators(deps, districtId, { id, ...toBudgetNotice(news, month) })
    await withDistrict(deps.app, districtId, (tx) => markBudgetTold(tx, { month, news }))
    return { told }
  }
