import { sql } from 'kysely'
import type { RawBuilder } from 'kysely'
import { attachmentActions } from '../../domain/attachment.ts'
import type { AttachmentAction } from '../../domain/attachment.ts'

/** Whether an attachment's state allows the act, by the table of `domain/attachment`: the compare in every compare-and-set. */
export const stateAllows = (alias: string, action: AttachmentAction): RawBuilder<boolean> =>
  sql`${sql.ref(alias)}.state in (${sql.join(attachmentActions[action].map((state) => sql.lit(state)))})`
