import { sql } from 'kysely'
import type { AttachmentState } from '../../domain/attachment.ts'
import type { Transaction } from '../openDatabase.ts'
import { findRows } from '../rows.ts'

/** The row that knows an object. `pinnedVersionId` is that of the incoming key. */
export type ObjectOwner = { districtId: string; attachmentId: string; state: AttachmentState; pinnedVersionId: string | null }

const ownerColumns = sql`district_id as "districtId", id as "attachmentId", state, incoming_version_id as "pinnedVersionId"`

const columns = { incoming: 'incoming_key', clean: 'clean_key', quarantine: 'quarantine_key' } as const

/** Which attachments know these object keys of a bucket, by key; a key that is missing is known to none. As the role `sweeper`. */
export const findObjectOwners = async (
  tx: Transaction,
  bucket: keyof typeof columns,
  objectKeys: readonly string[],
): Promise<ReadonlyMap<string, ObjectOwner>> => {
  if (objectKeys.length === 0) return new Map()
  const column = sql.ref(columns[bucket])
  const rows = await findRows(
    tx.db,
    sql<ObjectOwner & { objectKey: string }>`
      select ${ownerColumns}, ${column} as "objectKey" from attachments where ${column} in (${sql.join([...new Set(objectKeys)])})`,
  )
  return new Map(rows.map(({ objectKey, ...owner }) => [objectKey, owner]))
}
