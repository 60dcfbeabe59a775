/** Of each kind of row: a sync that would remove more than `percent` of those there are, and at least `rows`, is held. */
export type BrakeLimits = { percent: number; rows: number }

/** Facts: peers hold at 10 % of a type; the least number keeps a small school's ordinary day from being held. */
export const brakeDefaults: BrakeLimits = { percent: 10, rows: 25 }

/** What one sync would remove of one kind of row, of those that were active before. */
export type Removals = { active: number; removed: number }

/** Whether removals of one kind are suspiciously many. Both limits must be reached: `removed` ≥ `rows`, and its share above `percent`. */
export const isHeld = ({ active, removed }: Removals, { percent, rows }: BrakeLimits): boolean =>
  removed > 0 && removed >= rows && removed * 100 > active * percent
