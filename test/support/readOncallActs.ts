import { expect } from 'vitest'
import type { AttachmentWorld } from './attachmentWorld.ts'

/** Rows of the audit log as on-call commands leave them, the oldest first. */
export const readActs = async ({ database }: AttachmentWorld, action: string): Promise<Record<string, unknown>[]> =>
  (
    await database.superuser.query<Record<string, unknown>>(
      `select district_id, actor_kind, actor, target_kind, target, reason, details from audit_entries where action = $1 order by id`,
      [action],
    )
  ).rows

/** What each such row says of whoever typed the command. */
export const typedBy = { account: expect.stringMatching(/./), sudoUser: null, host: expect.stringMatching(/./) }

/** Everything that a command could change: two readings are equal when nothing was. */
export const readEverything = async ({ database }: AttachmentWorld): Promise<unknown[]> => {
  const rows: unknown[] = []
  for (const table of ['attachments', 'outbox', 'audit_entries', 'bad_hashes'])
    rows.push((await database.superuser.query(`select * from ${table} t order by t::text`)).rows)
  return rows
}

/** For a command that is to find Temporal away. */
export const deadTemporal = { TEMPORAL_ADDRESS: '127.0.0.1:1' }
