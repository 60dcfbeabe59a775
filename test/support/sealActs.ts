import { toAuditKeyName } from '../../db/auditHeader.ts'
import { verifyAudit } from '../../db/verifyAudit.ts'
import { sealAuditLogs } from '../../worker/sealAuditLogs.ts'
import type { AttachmentWorld } from './attachmentWorld.ts'

/** Seals the audit log of the world's district, and says what is found when it is verified from its first entry on. */
export const sealActs = async ({ adapters, channel }: AttachmentWorld): ReturnType<typeof verifyAudit> => {
  const { app, sweeper, keys } = adapters
  await sealAuditLogs({ app, sweeper, keys })
  const readPublicKey = () => keys.publicKey(toAuditKeyName(channel.districtId))
  return verifyAudit({ database: app, readPublicKey }, channel.districtId)
}
