import { createHash } from 'node:crypto'
import type { RestRole } from '../../../domain/roster/rest/records.ts'

/** REST gives roles no id. This one is the same whenever the role is, by a pull or by an event, and is an id that a feed may have. */
export const toRoleId = ({ userSourcedId, role, orgSourcedId, beginDate }: RestRole): string =>
  `role.${createHash('sha256')
    .update(JSON.stringify([userSourcedId, role, orgSourcedId, beginDate]))
    .digest('base64url')}`
