import { setTimeout as delay } from 'node:timers/promises'
import { readDistrict } from '../db/openDatabase.ts'
import { findTranslation } from '../db/queries/findTranslation.ts'
import type { TextRef, TranslationRecord } from '../db/queries/translationRow.ts'
import type { ApiDeps } from './apiDeps.ts'
import type { Actor } from './apiEnv.ts'

/** Most translations are there within a second; the longest waits come last. */
const longestPauseMs = 400

/**
 * Looks for a translation until it is not pending any more, or as long as a request may wait, deciding at each look whether the actor may read it (law 1). Nothing is
 * held between looks. Null when they may not.
 */
export const awaitTranslation = async (
  { app, pace, closing }: Pick<ApiDeps, 'app' | 'pace' | 'closing'>,
  actor: Actor,
  text: TextRef,
  language: string,
): Promise<TranslationRecord | null> => {
  const look = () => readDistrict(app, actor.districtId, (tx) => findTranslation(tx, { ...text, actorId: actor.userId, language }))
  let found = await look()
  for (let waitedMs = 0, pauseMs = 50; found?.state === 'pending' && waitedMs < pace.translationWaitMs && !closing.aborted;) {
    await delay(Math.min(pauseMs, pace.translationWaitMs - waitedMs))
    waitedMs += pauseMs
    pauseMs = Math.min(longestPauseMs, pauseMs * 1.5)
    found = await look()
  }
  return found
}
