import { defineSearchAttributeKey } from '@temporalio/common'
import { proxyActivities, proxyLocalActivities, setCurrentDetails, sleep, upsertSearchAttributes } from '@temporalio/workflow'
import type { BudgetTelling } from '../activities/translations/chargeBudget.ts'
import type { TranslationActivities } from '../activities/translations/createTranslationActivities.ts'
import type { TranslationEnding } from '../activities/translations/translationEnding.ts'
import { misconfiguredTranslator, type TranslationPace, type TranslationRef } from './contract.ts'
import { findIncurable, isTransient } from './findIncurable.ts'

const districtKey = defineSearchAttributeKey('DistrictId', 'KEYWORD')
const translationKey = defineSearchAttributeKey('TranslationId', 'KEYWORD')
const stageKey = defineSearchAttributeKey('Stage', 'KEYWORD')

type Stage = 'charging' | 'translating' | 'delayed' | 'telling' | TranslationEnding['outcome']

const show = ({ districtId, translationId, textId, language, attempt }: TranslationRef, stage: Stage, note = ''): void => {
  upsertSearchAttributes([
    { key: districtKey, value: districtId },
    { key: translationKey, value: translationId },
    { key: stageKey, value: stage },
  ])
  setCurrentDetails(`**${stage}**${note} · text ${textId} into ${language} · attempt ${attempt}`)
}

/**
 * Puts one text into one language, for however many read it. The district's budget is charged first; what does not fit, what nobody may read any more and what the provider
 * cannot do end here with their reason. Short outages are waited out, long ones end the attempt: the original is there all the while, and somebody asks again.
 */
export async function translateMessage(ref: TranslationRef): Promise<TranslationEnding> {
  const { readTranslationPace } = proxyLocalActivities<TranslationActivities>({ startToCloseTimeout: '10 seconds' })
  const pace = await readTranslationPace()
  const retry = { initialInterval: pace.waitBetweenTriesMs, maximumInterval: pace.waitBetweenTriesMaxMs }
  const { chargeBudget } = proxyActivities<TranslationActivities>({ startToCloseTimeout: pace.stepTimeoutMs, retry })
  show(ref, 'charging')
  const { ending: endedBefore, telling } = await chargeBudget(ref)
  const ending = endedBefore ?? (await translate(ref, pace))
  if (telling !== null) {
    show(ref, 'telling')
    await tell(ref, telling, pace)
  }
  show(ref, ending.outcome, ending.reason === null ? '' : `: ${ending.reason}`)
  return ending
}

/** A provider that does not answer is asked again, for so long; one that answers but not to us, until somebody has had time to mend it. */
const translate = async (ref: TranslationRef, pace: TranslationPace): Promise<TranslationEnding> => {
  const retry = { initialInterval: pace.waitBetweenTriesMs, maximumInterval: pace.waitBetweenTriesMaxMs }
  const { writeTranslation } = proxyActivities<TranslationActivities>({
    scheduleToCloseTimeout: pace.giveUpAfterMs,
    startToCloseTimeout: pace.translateTimeoutMs,
    heartbeatTimeout: pace.heartbeatTimeoutMs,
    retry,
  })
  const { giveUpTranslation } = proxyActivities<TranslationActivities>({ startToCloseTimeout: pace.stepTimeoutMs, retry })
  for (let tries = 1; ; tries += 1) {
    show(ref, 'translating')
    try {
      return await writeTranslation(ref)
    } catch (error) {
      const isMisconfigured = findIncurable(error)?.type === misconfiguredTranslator
      if (!isMisconfigured && !isTransient(error)) throw error
      if (!isMisconfigured || tries >= pace.misconfiguredTriesMax) return giveUpTranslation(ref)
      show(ref, 'delayed')
      await sleep(pace.misconfiguredWaitMs)
    }
  }
}

/** Whoever could not be told now is told by the next translation of this month. */
const tell = async ({ districtId }: TranslationRef, telling: BudgetTelling, pace: TranslationPace): Promise<void> => {
  const { tellBudget } = proxyActivities<TranslationActivities>({
    startToCloseTimeout: pace.stepTimeoutMs,
    retry: { initialInterval: pace.waitBetweenTriesMs, maximumInterval: pace.waitBetweenTriesMaxMs, maximumAttempts: 5 },
  })
  try {
    await tellBudget(districtId, telling)
  } catch (error) {
    if (!isTransient(error)) throw error
  }
}
