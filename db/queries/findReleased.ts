import { sql } from 'kysely'
import type { AttachmentState } from '../../domain/attachment.ts'
import type { DistrictTransaction } from '../openDatabase.ts'
import { findRow } from '../rows.ts'

/** A file that was released, and what opens it. `wrappedKey` is sealed; it is null, with `keyName`, when the key is gone. */
export type Released = {
  state: AttachmentState
  /** Of the bytes as they were uploaded; pictures and recordings were written anew. */
  sha256: string
  cleanKey: string
  cleanBytes: number
  keyName: string | null
  wrappedKey: Buffer | null
  signature: string | null
  engine: string | null
  databaseVersion: string | null
  quarantineKey: string | null
  /** The run that withdrew it. */
  withdrawnBy: string | null
}

/** What a later look at a file needs; null when there is no such file or it has no clean object. */
export const findReleased = ({ db, districtId }: DistrictTransaction, attachmentId: string): Promise<Released | null> =>
  findRow(
    db,
    sql<Released>`
      select a.state, encode(a.sha256, 'hex') as sha256, a.clean_key as "cleanKey", a.clean_bytes as "cleanBytes", k.key_name as "keyName",
        k.wrapped as "wrappedKey", a.signature, a.engine, a.database_version as "databaseVersion", a.quarantine_key as "quarantineKey",
        a.withdrawn_by as "withdrawnBy"
      from attachments a
      left join keys.object_keys k on k.district_id = a.district_id and k.object_key = a.clean_key
      where a.district_id = ${districtId} and a.id = ${attachmentId} and a.clean_key is not null and a.clean_bytes is not null`,
  )
