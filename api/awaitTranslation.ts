import { setTimeout as delay } from 'node:timers/promises'
import { readDistrict } from '../db/openDatabase.ts'
import { findTranslation, isTranslationPending } from '../db/queries/findTranslation.ts'
import type { TextRef, TranslationRecord } from '../db/queries/translationRow.ts'
import type { ApiDeps } from './apiDeps.ts'
import type { Actor } from './apiEnv.ts'

/** Most translations are there within a second. */
const firstPauseMs = 50
const longestPauseMs = 200

type Awaited = { actor: Actor; text: TextRef; translation: TranslationRecord }

/** Whoever waits for one translation: `settled` resolves when it is not pending any more, or when nobody can say; it never rejects. */
type Watch = { settled: Promise<void>; waiting: number }

/**
 * Waits until a translation is not pending any more, or as long as a request may wait, and only then decides whether the actor may read it, in the statement that reads it (law 1):
 * null when they may not. However many wait for one translation, this process looks for it once at a time; nothing is held between looks.
 */
export const createAwaitTranslation = ({ app, pace, closing }: Pick<ApiDeps, 'app' | 'pace' | 'closing'>) => {
  const watches = new Map<string, Watch>()
  const isPending = (districtId: string, id: string): Promise<boolean> =>
    readDistrict(app, districtId, (tx) => isTranslationPending(tx, id)).catch(() => false)
  const look = async (watch: Watch, districtId: string, id: string): Promise<void> => {
    let pauseMs = firstPauseMs
    do {
      await delay(pauseMs)
      pauseMs = Math.min(longestPauseMs, pauseMs * 1.5)
    } while (watch.waiting > 0 && !closing.aborted && (await isPending(districtId, id)))
    watches.delete(id)
  }
  const begin = (districtId: string, id: string): Watch => {
    const watch: Watch = { settled: Promise.resolve(), waiting: 0 }
    watches.set(id, watch)
    watch.settled = look(watch, districtId, id)
    return watch
  }
  const wait = async (districtId: string, id: string): Promise<void> => {
    const watch = watches.get(id) ?? begin(districtId, id)
    const over = new AbortController()
    watch.waiting += 1
    await Promise.race([watch.settled, delay(pace.translationWaitMs, undefined, { signal: over.signal }).catch(() => undefined)])
    watch.waiting -= 1
    over.abort()
  }
  return async ({ actor, text, translation }: Awaited): Promise<TranslationRecord | null> => {
    if (pace.translationWaitMs > 0) await wait(actor.districtId, translation.id)
    const { language } = translation
    return readDistrict(app, actor.districtId, (tx) => findTranslation(tx, { ...text, actorId: actor.userId, language }))
  }
}
