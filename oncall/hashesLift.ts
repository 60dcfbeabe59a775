import { z } from 'zod'
import { acrossDistricts, withDistrict } from '../db/openDatabase.ts'
import { forgetBadHash } from '../db/queries/forgetBadHash.ts'
import { listBadHashes } from '../db/queries/listBadHashes.ts'
import { defineCommand } from './command.ts'
import { Fault } from './fault.ts'
import { apply, id, reason } from './fields.ts'
import { toOrigin } from './findOperator.ts'
import { requireReason } from './requireReason.ts'
import { toTable } from './toTable.ts'

const sha256 = z.string().regex(/^[0-9a-fA-F]{64}$/, { error: 'expected a SHA-256 in hex' })
/** As many districts as may have found the same bytes and are lifted in one go. */
const districtsMax = 1_000

export const hashesLift = defineCommand({
  words: 'hashes lift',
  summary: 'lifts a finding that was false, so that these bytes may be sent again',
  help: `<sha256> [--district <id>] [--apply --reason <why>] [--json]

Without --apply nothing is changed. The hash stays refused until it is lifted in every district that found it. What was
quarantined for it stays in quarantine: the uploader sends it again, and if the engine still finds it, it is refused again.
`,
  schema: z.object({ district: id.optional(), apply, reason }),
  switches: ['apply'],
  positionals: { min: 1, max: 1, are: 'the SHA-256 of the bytes' },
  check: (given, [hash]) => {
    sha256.parse(hash)
    requireReason(given)
  },
  run: async (oncall, given, [hash = ''], asked) => {
    const wanted = hash.toLowerCase()
    const all = await acrossDistricts(oncall.database, (tx) => listBadHashes(tx, { sha256: wanted, limit: districtsMax }))
    const found = all.filter(({ districtId }) => given.district === undefined || districtId === given.district)
    if (found.length === 0) throw new Fault('that hash is not refused there')
    const by = toOrigin(asked, given.reason)
    const rows: { districtId: string; signature: string; outcome: 'refused' | 'lifted' | 'moved-on' }[] = []
    for (const { districtId, signature } of found) {
      const why = given.reason
      const isLifted =
        given.apply &&
        why !== undefined &&
        (await withDistrict(oncall.database, districtId, (tx) => forgetBadHash(tx, { sha256: wanted, ...by, reason: why })))
      rows.push({ districtId, signature, outcome: isLifted ? 'lifted' : given.apply ? 'moved-on' : 'refused' })
    }
    return {
      json: {
        applied: given.apply,
        sha256: wanted,
        districts: rows,
        stillRefusedIn: all.length - rows.filter(({ outcome }) => outcome !== 'refused').length,
      },
      text:
        toTable(
          [given.apply ? 'DONE' : 'NOW', 'DISTRICT', 'SIGNATURE'],
          rows.map((row) => [row.outcome, row.districtId, row.signature]),
        ) + (given.apply ? '' : 'Nothing was changed: this was a dry run. To do it: --apply --reason <why>\n'),
    }
  },
})
