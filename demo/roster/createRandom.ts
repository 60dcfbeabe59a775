import { v7 } from 'uuid'

/**
 * Repeatable chance: the same seed gives the same numbers on every machine, so that the sample
 * district is the same for everybody. Not for secrets.
 */
export type Random = {
  /** Uniform in [0, 1). */
  fraction(): number
  /** A whole number, 0 ≤ n < below. */
  below(below: number): number
  /** @throws RangeError on an empty list. */
  pick<T>(items: readonly T[]): T
  /** A new list in another order. */
  shuffle<T>(items: readonly T[]): T[]
  /** True this often, 0 to 1. */
  chance(probability: number): boolean
  /** A UUID version 7 whose time is `atMs` and whose random part comes from the seed. */
  uuid(atMs: number): string
}

/** mulberry32, Tommy Ettinger's public-domain 32-bit generator: small, and good enough to mix a roster. */
export const createRandom = (seed: number): Random => {
  let state = seed >>> 0
  const fraction = (): number => {
    state = (state + 0x6d2b79f5) >>> 0
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state)
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32
  }
  const below = (limit: number): number => Math.floor(fraction() * limit)
  const pick = <T>(items: readonly T[]): T => {
    const item = items[below(items.length)]
    if (item === undefined) throw new RangeError('cannot pick from an empty list')
    return item
  }
  const shuffle = <T>(items: readonly T[]): T[] => {
    const shuffled = [...items]
    for (let last = shuffled.length - 1; last > 0; last -= 1) {
      const other = below(last + 1)
      const held = shuffled[last] as T
      shuffled[last] = shuffled[other] as T
      shuffled[other] = held
    }
    return shuffled
  }
  const uuid = (atMs: number): string => {
    const random = Uint8Array.from({ length: 16 }, () => below(256))
    return v7({ msecs: atMs, seq: below(2 ** 31), random })
  }
  return { fraction, below, pick, shuffle, chance: (probability) => fraction() < probability, uuid }
}
