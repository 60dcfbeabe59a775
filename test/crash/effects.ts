/** One thing that an activity does to the world: the `ordinal`th of its name in one try, counted from 1. */
export type Effect = { activity: string; name: string; ordinal: number }

/** A moment at which a process can die. */
export type CrashPoint = Effect & { when: 'before' | 'after' }

export const toText = ({ activity, name, ordinal, when }: CrashPoint): string =>
  `${activity}: ${when} ${name}${ordinal === 1 ? '' : ` (${ordinal})`}`

export const isSamePoint = (one: CrashPoint, other: CrashPoint): boolean => toText(one) === toText(other)
