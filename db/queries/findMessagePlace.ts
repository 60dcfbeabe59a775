import { sql } from 'kysely'
import type { DistrictTransaction } from '../openDatabase.ts'
import { findRow } from '../rows.ts'

/** Where a message stands. It decides nothing: read the message itself with `listMessages`, which does. */
export const findMessagePlace = (tx: DistrictTransaction, messageId: string): Promise<{ channelId: string; seq: number } | null> =>
  findRow(
    tx.db,
    sql<{ channelId: string; seq: number }>`
      select channel_id as "channelId", seq from messages where district_id = ${tx.districtId} and id = ${messageId}`,
  )
