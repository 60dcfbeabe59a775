import { z } from 'zod'
import { acrossDistricts } from '../db/openDatabase.ts'
import { listBadHashes } from '../db/queries/listBadHashes.ts'
import { defineCommand } from './command.ts'
import { limit } from './fields.ts'
import { toTable } from './toTable.ts'

export const hashesList = defineCommand({
  words: 'hashes list',
  summary: 'hashes that are refused on sight, since they were once found bad',
  help: `[--limit <n>] [--json]

The newest first, 50 unless said otherwise. A hash that was found in two districts is in two rows.
`,
  schema: z.object({ limit: limit(1_000, 50) }),
  positionals: { min: 0, max: 0, are: 'nothing' },
  run: async (oncall, given) => {
    const hashes = await acrossDistricts(oncall.database, (tx) => listBadHashes(tx, { limit: given.limit + 1 }))
    const shown = hashes.slice(0, given.limit)
    const rows = shown.map((one) => [one.sha256, one.signature, one.districtId, one.foundAt, one.engine, one.databaseVersion])
    return {
      json: { isCut: hashes.length > given.limit, hashes: shown },
      text: rows.length === 0 ? 'none\n' : toTable(['SHA-256', 'SIGNATURE', 'FOUND IN', 'AT', 'ENGINE', 'DATABASE'], rows),
    }
  },
})
