import { defineEntity, p } from '@mikro-orm/core'
import { custodies } from '../../domain/roster/custody.ts'
import type { ColumnClasses } from '../columnClasses.ts'
import { districtWall } from '../districtPolicies.ts'

const properties = {
  districtId: p.uuid().primary(),
  userId: p.uuid().primary(),
  agentId: p.uuid().primary(),
  /** What an event said of these two, beside what the guardian’s own line says; null when none did. */
  custody: p.enum(() => custodies).nullable(),
}

export const agentLinkClasses: ColumnClasses<typeof properties> = {
  districtId: 'internal',
  userId: 'internal',
  agentId: 'internal',
  custody: 'pii',
}

/** One of `users.agentSourcedIds`: `userId` is whose line names the other. Guardianships are made of these; which of the two is the guardian, their roles say. */
export const AgentLinkSchema = defineEntity({
  name: 'AgentLink',
  tableName: 'agent_links',
  ...districtWall,
  properties,
  indexes: [
    { name: 'agent_links_of_agent', properties: ['districtId', 'agentId'] },
    { name: 'agent_links_told', properties: ['districtId', 'userId', 'agentId'], where: 'custody is not null' },
  ],
})
export class AgentLink extends AgentLinkSchema.class {}
AgentLinkSchema.setClass(AgentLink)
