import { AddApiClients } from './migrations/AddApiClients.ts'
import { AddAccessNotices } from './migrations/AddAccessNotices.ts'
import { AddForeignKeys } from './migrations/AddForeignKeys.ts'
import { AddOperationsDistrict } from './migrations/AddOperationsDistrict.ts'
import { AddUploadQuotas } from './migrations/AddUploadQuotas.ts'
import { AddSyntheticPeople } from './migrations/AddSyntheticPeople.ts'
import { AddTraceParent } from './migrations/AddTraceParent.ts'
import { AddSyncSweep } from './migrations/AddSyncSweep.ts'
import { CreateKeyTables } from './migrations/CreateKeyTables.ts'
import { AddRosterSyncs } from './migrations/AddRosterSyncs.ts'
import { AddRescans } from './migrations/AddRescans.ts'
import { CreateMessagingTables } from './migrations/CreateMessagingTables.ts'
import { CreateOperationTables } from './migrations/CreateOperationTables.ts'
import { CreateRosterTables } from './migrations/CreateRosterTables.ts'
import { GuardAuditLog } from './migrations/GuardAuditLog.ts'
import { IndexEndedRows } from './migrations/IndexEndedRows.ts'
import { IndexStartedOutbox } from './migrations/IndexStartedOutbox.ts'
import { NarrowOncallWrites } from './migrations/NarrowOncallWrites.ts'
import { OpenOncallWindows } from './migrations/OpenOncallWindows.ts'
import { KeepOpenAlerts } from './migrations/KeepOpenAlerts.ts'
import { RaiseDistrictWalls } from './migrations/RaiseDistrictWalls.ts'
import { TimeAuditByDatabase } from './migrations/TimeAuditByDatabase.ts'

/** In the order in which they are applied. A migration that has run anywhere is never changed: add the next one. */
export const migrations = [
  { name: '0001-create-roster-tables', class: CreateRosterTables },
  { name: '0002-create-messaging-tables', class: CreateMessagingTables },
  { name: '0003-create-operation-tables', class: CreateOperationTables },
  { name: '0004-create-key-tables', class: CreateKeyTables },
  { name: '0005-add-foreign-keys', class: AddForeignKeys },
  { name: '0006-raise-district-walls', class: RaiseDistrictWalls },
  { name: '0007-guard-audit-log', class: GuardAuditLog },
  { name: '0008-add-operations-district', class: AddOperationsDistrict },
  { name: '0009-index-started-outbox', class: IndexStartedOutbox },
  { name: '0010-add-rescans', class: AddRescans },
  { name: '0011-open-oncall-windows', class: OpenOncallWindows },
  { name: '0012-add-upload-quotas', class: AddUploadQuotas },
  { name: '0013-add-trace-parent', class: AddTraceParent },
  { name: '0014-keep-open-alerts', class: KeepOpenAlerts },
  { name: '0015-add-synthetic-people', class: AddSyntheticPeople },
  { name: '0016-narrow-oncall-writes', class: NarrowOncallWrites },
  { name: '0017-time-audit-by-database', class: TimeAuditByDatabase },
  { name: '0018-add-roster-syncs', class: AddRosterSyncs },
  { name: '0019-add-api-clients', class: AddApiClients },
  { name: '0020-add-sync-sweep', class: AddSyncSweep },
  { name: '0021-add-access-notices', class: AddAccessNotices },
  { name: '0022-index-ended-rows', class: IndexEndedRows },
]
