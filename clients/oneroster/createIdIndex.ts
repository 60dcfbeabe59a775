import { randomInt } from 'node:crypto'

/** Which ids were seen. Answers "seen" for one that was not with a chance of less than one in a trillion at a million ids, and never the reverse. */
export type IdIndex = { has(id: string): boolean; add(id: string): void; readonly count: number }

const slotsAtFirst = 1_024

/** The slot of the id, or the free one where it belongs. */
const findSlot = (within: Uint32Array, high: number, low: number): number => {
  const mask = within.length / 2 - 1
  let slot = low & mask
  while (within[slot * 2 + 1] !== 0 && (within[slot * 2] !== high || within[slot * 2 + 1] !== low)) slot = (slot + 1) & mask
  return slot
}

const put = (within: Uint32Array, high: number, low: number): boolean => {
  const slot = findSlot(within, high, low)
  const isNew = within[slot * 2 + 1] === 0
  within[slot * 2] = high
  within[slot * 2 + 1] = low
  return isNew
}

/**
 * Keeps 64 bits of each id instead of the id, in one flat table that is at most half full: 16 to 32 bytes an id outside of V8's heap, where a
 * Set of strings takes more than a hundred inside. Seeded by chance, so that nobody can prepare two ids that look the same.
 */
export const createIdIndex = (): IdIndex => {
  const [seedHigh, seedLow] = [randomInt(2 ** 32), randomInt(2 ** 32)]
  let table = new Uint32Array(slotsAtFirst * 2)
  let count = 0
  // Of the id that was asked for last: whoever asks whether it is there adds it next.
  let last: string | null = null
  let [high, low] = [0, 1]

  const grow = (): void => {
    const larger = new Uint32Array(table.length * 2)
    for (let at = 0; at < table.length; at += 2) if (table[at + 1] !== 0) put(larger, table[at] ?? 0, table[at + 1] ?? 0)
    // Given back at once: left for the garbage collector, as much again stands beside the table.
    table.buffer.transfer(0)
    table = larger
  }
  /** Twice 32 bits of the id in one pass: each letter is multiplied in, and the high bits are folded back so that every letter moves every bit. */
  const mix = (id: string): void => {
    if (id === last) return
    let one = seedHigh ^ id.length
    let other = seedLow ^ id.length
    for (let at = 0; at < id.length; at += 1) {
      const letter = id.charCodeAt(at)
      one = Math.imul(one ^ letter, 0x9e37_79b1)
      one ^= one >>> 15
      other = Math.imul(other ^ letter, 0x9e37_79b1)
      other ^= other >>> 15
    }
    last = id
    high = finish(one)
    // Zero is the free slot.
    low = finish(other) || 1
  }
  return {
    has: (id) => {
      mix(id)
      return table[findSlot(table, high, low) * 2 + 1] !== 0
    },
    add: (id) => {
      mix(id)
      if (put(table, high, low)) count += 1
      if (count * 4 > table.length) grow()
    },
    get count() {
      return count
    },
  }
}

const finish = (state: number): number => {
  const mixed = Math.imul(state ^ (state >>> 16), 0x21f0_aaad)
  return (mixed ^ (mixed >>> 15)) >>> 0
}
