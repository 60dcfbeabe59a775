const units = [
  ['d', 86_400],
  ['h', 3_600],
  ['m', 60],
  ['s', 1],
] as const

/** Seconds as people say them, in at most two units: `2 h 5 m`. */
export const toSpan = (seconds: number): string => {
  const whole = Math.max(0, Math.round(seconds))
  const first = units.findIndex(([, size]) => whole >= size)
  if (first === -1) return '0 s'
  const parts: string[] = []
  let left = whole
  for (const [unit, size] of units.slice(first, first + 2)) {
    const count = Math.floor(left / size)
    left -= count * size
    if (count > 0) parts.push(`${count} ${unit}`)
  }
  return parts.join(' ')
}

/** `2 h ago`, or `in 2 h`, by this machine's clock. */
export const toDistance = (at: Date): string => {
  const seconds = (Date.now() - at.getTime()) / 1_000
  return seconds < 0 ? `in ${toSpan(-seconds)}` : `${toSpan(seconds)} ago`
}

/** How long ago that was, by this machine's clock. */
export const toAge = (at: Date | null): string | null => (at === null ? null : toSpan((Date.now() - at.getTime()) / 1_000))
