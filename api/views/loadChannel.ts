import { decideChannel, type ChannelAction } from '../../domain/access.ts'
import type { DistrictTransaction } from '../../db/openDatabase.ts'
import type { ChannelRecord } from '../../db/queries/channelRow.ts'
import { findChannel } from '../../db/queries/findChannel.ts'
import type { Actor } from '../apiEnv.ts'
import { hidden, requireAllowed } from '../requireAllowed.ts'
import type { ChannelView } from '../schemas/channelSchema.ts'
import { toChannelViews } from './toChannelViews.ts'

/**
 * The channel, if the actor may do `action` in it by the roster of this snapshot. Call under `readDistrict`.
 * @throws {Refusal} the uniform 404 otherwise.
 */
export const requireChannel = async (
  tx: DistrictTransaction,
  actor: Actor,
  channelId: string,
  action: ChannelAction,
): Promise<ChannelRecord> => {
  const facts = await findChannel(tx, { channelId, actorId: actor.userId })
  if (facts === null) throw hidden()
  requireAllowed(decideChannel(facts, action))
  return facts.channel
}

/** As `requireChannel`, with the names of its people. */
export const loadChannel = async (
  tx: DistrictTransaction,
  actor: Actor,
  channelId: string,
  action: ChannelAction,
): Promise<ChannelView> => {
  const [view] = await toChannelViews(tx, [await requireChannel(tx, actor, channelId, action)])
  if (view === undefined) throw hidden()
  return view
}
