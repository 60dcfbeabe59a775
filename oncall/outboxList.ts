import { z } from 'zod'
import { acrossDistricts } from '../db/openDatabase.ts'
import { listWaitingStarts } from '../db/queries/listWaitingStarts.ts'
import { defineCommand } from './command.ts'
import { limit, span } from './fields.ts'
import { toAge, toSpan } from './toSpan.ts'
import { toTable } from './toTable.ts'

/** The relay takes what is five seconds old, and holds it for thirty: what is older than this was tried in vain, or nobody tries. */
export const stuckAfterSeconds = 60

export const outboxList = defineCommand({
  words: 'outbox list',
  summary: 'runs that are asked for and not started yet',
  help: `[--since <span>] [--stuck] [--limit <n>] [--json]

  --since   only what was asked for in that time: 90s, 30m, 2h, 7d
  --stuck   only what waits for longer than ${stuckAfterSeconds} s: the relay starts the rest within seconds
  --limit   at most so many, 100 unless said otherwise, the oldest first

CLAIMS is how many times a relay took it; HELD is how long the last one still may.
`,
  schema: z.object({ since: span.optional(), stuck: z.boolean().default(false), limit: limit(1_000, 100) }),
  switches: ['stuck'],
  positionals: { min: 0, max: 0, are: 'nothing' },
  run: async (oncall, { since, stuck, limit: most }) => {
    const filter = { id: null, sinceSeconds: since ?? null, olderThanSeconds: stuck ? stuckAfterSeconds : 0, limit: most + 1 }
    const waiting = await acrossDistricts(oncall.database, (tx) => listWaitingStarts(tx, filter))
    const shown = waiting.slice(0, most)
    const rows = shown.map((entry) => [
      entry.outboxId,
      entry.workflowId,
      entry.districtId,
      entry.taskQueue,
      toAge(entry.createdAt),
      entry.attempts,
      entry.claimedUntil !== null && entry.claimedUntil.getTime() > Date.now()
        ? toSpan((entry.claimedUntil.getTime() - Date.now()) / 1_000)
        : null,
      entry.lastErrorCode,
    ])
    return {
      json: { isCut: waiting.length > most, waiting: shown },
      text:
        (rows.length === 0
          ? 'none\n'
          : toTable(['ENTRY', 'WORKFLOW', 'DISTRICT', 'QUEUE', 'WAITS', 'CLAIMS', 'HELD', 'LAST ERROR'], rows)) +
        (waiting.length > most ? 'There are more: --limit or --since.\n' : ''),
    }
  },
})
