import { sql } from 'kysely'
import { v7 as newId } from 'uuid'
import type { DistrictTransaction } from '../openDatabase.ts'

/** Who acted: a person or a machine of the district, one of our staff by account name, or a part of the system by its name. */
export type AuditActor = { kind: 'user' | 'client'; id: string } | { kind: 'staff'; name: string } | { kind: 'system'; name: string }

/** Ids, counts and enums only; never user content. */
type AuditDetails = Readonly<Record<string, string | number | boolean | null>>

/** Where an act comes from: who, why as a privileged person gave it, and what else is known of them. */
export type AuditOrigin = { actor: AuditActor; reason?: string; details?: AuditDetails }

export type AuditAct = AuditOrigin & {
  /** Verb phrase with a dot: `attachment.download`. */
  action: string
  target: { kind: string; id: string }
}

/** Records an act in its own transaction (law 11): both happen or neither. The database sets its time. It is sealed later (`sealAudit`). */
export const recordAudit = async ({ db, districtId }: DistrictTransaction, act: AuditAct): Promise<void> => {
  await sql`
    insert into audit_entries (district_id, id, actor_kind, actor, action, target_kind, target, reason, details)
    values (${districtId}, ${newId()}, ${act.actor.kind}, ${toActorName(act.actor)}, ${act.action},
      ${act.target.kind}, ${act.target.id}, ${act.reason ?? null}, ${JSON.stringify(act.details ?? {})}::jsonb)`.execute(db)
}

const toActorName = (actor: AuditActor): string => ('id' in actor ? actor.id : actor.name)
