import { AsyncLocalStorage } from 'node:async_hooks'
import { asyncLocalStorage as activityContext } from '@temporalio/activity'
import type { CrashPoint } from './effects.ts'

/** Sees every effect of whatever an activity does, on both sides of it. */
export type EffectWatch = {
  /** Does `act`, and lets `onPoint` be there before and after it. Outside an activity it does nothing more than `act`. */
  around<T>(name: string, act: () => Promise<T>): Promise<T>
  /** Lets work that is no activity count as one, under this name. */
  actingAs<T>(activity: string, act: () => Promise<T>): Promise<T>
}

export const createEffectWatch = (onPoint: (point: CrashPoint) => Promise<void>): EffectWatch => {
  const roles = new AsyncLocalStorage<{ activity: string }>()
  const counts = new WeakMap<object, Map<string, number>>()

  const count = (oneTry: object, name: string): number => {
    const known = counts.get(oneTry) ?? new Map<string, number>()
    counts.set(oneTry, known)
    const ordinal = (known.get(name) ?? 0) + 1
    known.set(name, ordinal)
    return ordinal
  }

  return {
    around: async (name, act) => {
      const context = activityContext.getStore()
      const oneTry = context ?? roles.getStore()
      if (oneTry === undefined) return act()
      const activity = 'activity' in oneTry ? oneTry.activity : oneTry.info.activityType
      const effect = { activity, name, ordinal: count(oneTry, name) }
      await onPoint({ ...effect, when: 'before' })
      const answer = await act()
      await onPoint({ ...effect, when: 'after' })
      return answer
    },
    actingAs: (activity, act) => roles.run({ activity }, act),
  }
}
