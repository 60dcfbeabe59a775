import type { Gauge } from 'prom-client'
import { Refusal } from '../../domain/refusal.ts'

type Limits = { perPersonMax: number; perProcessMax: number }

/**
 * Counts open event streams of each person in this process, and all of them.
 * `open` answers the function that gives the place back; it throws a Refusal when the person, or the process, has none left.
 */
export const createStreamCounter = ({ perPersonMax, perProcessMax }: Limits, gauge: Pick<Gauge, 'inc' | 'dec'>) => {
  const openByPerson = new Map<string, number>()
  let all = 0
  const open = (userId: string): (() => void) => {
    const count = openByPerson.get(userId) ?? 0
    if (count >= perPersonMax) {
      throw new Refusal('too-many-streams', `A person may follow ${perPersonMax} streams at a time. Close one first.`)
    }
    if (all >= perProcessMax) throw new Refusal('try-again', 'Too many streams are open here. Come back in a moment.')
    openByPerson.set(userId, count + 1)
    all += 1
    gauge.inc()
    let isOpen = true
    return () => {
      if (!isOpen) return
      isOpen = false
      all -= 1
      gauge.dec()
      const left = (openByPerson.get(userId) ?? 1) - 1
      if (left > 0) openByPerson.set(userId, left)
      else openByPerson.delete(userId)
    }
  }
  return { open }
}
