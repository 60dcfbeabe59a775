import { withSafeFailures } from '../withSafeFailures.ts'
import { createChargeBudget } from './chargeBudget.ts'
import { createGiveUpTranslation } from './giveUpTranslation.ts'
import { createReadTranslationPace } from './readTranslationPace.ts'
import { createTellBudget } from './tellBudget.ts'
import type { TranslationDeps } from './translationDeps.ts'
import { createWriteTranslation } from './writeTranslation.ts'

/** The activities of translating. */
export const createTranslationActivities = (deps: TranslationDeps) =>
  withSafeFailures({
    readTranslationPace: createReadTranslationPace(deps),
    chargeBudget: createChargeBudget(deps),
    writeTranslation: createWriteTranslation(deps),
    giveUpTranslation: createGiveUpTranslation(deps),
    tellBudget: createTellBudget(deps),
  })

export type TranslationActivities = ReturnType<typeof createTranslationActivities>
