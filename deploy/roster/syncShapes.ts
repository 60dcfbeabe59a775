import { z } from 'zod'

const count = z.int()

/** A sync, as far as whoever sends a feed needs it: the API shows more. */
export const syncShape = z.object({
  id: z.uuid(),
  state: z.string(),
  isDryRun: z.boolean(),
  queuedAt: z.string().nullable(),
  rosterVersion: count.nullable(),
  rejectCount: count,
  endingCount: count,
  fault: z
    .object({ code: z.string(), mend: z.string(), file: z.string().nullable(), line: count.nullable(), column: count.nullable() })
    .nullable(),
  removals: z.object({ state: z.string() }).nullable(),
})

const counts = z.object({
  subject: z.string(),
  lines: count,
  taken: count,
  rejected: count,
  leftOut: count,
  added: count,
  changed: count,
  removed: count,
  suspended: count,
  restored: count,
  active: count,
})

export const syncDetailShape = syncShape.extend({ counts: z.array(counts) })

/** A sync as the API shows it, with what was done to each kind of row. */
export type SentSync = z.infer<typeof syncDetailShape>
