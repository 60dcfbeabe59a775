import { AsyncLocalStorage } from 'node:async_hooks'
import { asyncLocalStorage as activityContext } from '@temporalio/activity'
import type { CrashPoint } from './effects.ts'

/** Whose work it is: the queue that the activity came from, and whom it was done for: the attachment that it was given, or else the district. */
export type Doer = { taskQueue: string; subjectId: string | null }

/** Sees every effect of whatever an activity does, on both sides of it. */
export type EffectWatch = {
  /** Does `act`, and lets `onPoint` be there before and after it. Outside an activity it does nothing more than `act`. */
  around<T>(name: string, act: () => Promise<T>): Promise<T>
  /** Lets work that is no activity count as one, under this name, of this queue. */
  actingAs<T>(activity: string, taskQueue: string, act: () => Promise<T>): Promise<T>
  /** The same activities, of which it is known whom they are done for. */
  naming(activities: object): object
}

type Activity = (...input: unknown[]) => Promise<unknown>

const toSubjectId = ([first]: unknown[]): string | null => {
  if (typeof first === 'string') return first
  if (typeof first !== 'object' || first === null) return null
  if ('attachmentId' in first) return String(first.attachmentId)
  return 'districtId' in first ? String(first.districtId) : null
}

export const createEffectWatch = (onPoint: (point: CrashPoint, doer: Doer) => Promise<void>): EffectWatch => {
  const roles = new AsyncLocalStorage<{ activity: string; taskQueue: string }>()
  const given = new AsyncLocalStorage<string | null>()
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
      const { activity, taskQueue } =
        'activity' in oneTry ? oneTry : { activity: oneTry.info.activityType, taskQueue: oneTry.info.taskQueue }
      const effect = { activity, name, ordinal: count(oneTry, name) }
      const doer = { taskQueue, subjectId: given.getStore() ?? null }
      await onPoint({ ...effect, when: 'before' }, doer)
      const answer = await act()
      await onPoint({ ...effect, when: 'after' }, doer)
      return answer
    },
    actingAs: (activity, taskQueue, act) => roles.run({ activity, taskQueue }, act),
    naming: (activities) =>
      Object.fromEntries(
        Object.entries(activities as Record<string, Activity>).map(([name, activity]) => [
          name,
          (...input: unknown[]) => given.run(toSubjectId(input), () => activity(...input)),
        ]),
      ),
  }
}
