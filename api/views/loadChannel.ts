import { decideChannel, type ChannelAction } from '../../domain/access.ts'
import type { ColumnCipher } from '../../db/districtKeys.ts'
import type { DistrictTransaction } from '../../db/openDatabase.ts'
import type { ChannelRecord } from '../../db/queries/channelRow.ts'
import { findChannel } from '../../db/queries/findChannel.ts'
import type { Actor } from '../apiEnv.ts'
import { hidden, requireAllowed } from '../requireAllowed.ts'
import type { ChannelView } from '../schemas/channelSchema.ts'
import { toChannelViews, type SeenChannel } from './toChannelViews.ts'

const requireSeen = async (tx: DistrictTransaction, actor: Actor, channelId: string, action: ChannelAction): Promise<SeenChannel> => {
  const facts = await findChannel(tx, { channelId, actorId: actor.userId })
  if (facts === null) throw hidden()
  requireAllowed(decideChannel(facts, action))
  return facts
}

/**
 * The channel, if the actor may do `action` in it by the roster of this snapshot. Call under `readDistrict`.
 * @throws {Refusal} the uniform 404, or 403 for what a party may know of but not do.
 */
export const requireChannel = async (
  tx: DistrictTransaction,
  actor: Actor,
  channelId: string,
  action: ChannelAction,
): Promise<ChannelRecord> => (await requireSeen(tx, actor, channelId, action)).channel

/** As `requireChannel`, with the names of its people and what it is to the actor. */
export const loadChannel = async (
  tx: DistrictTransaction,
  cipher: ColumnCipher,
  actor: Actor,
  channelId: string,
  action: ChannelAction,
): Promise<ChannelView> => {
  const [view] = await toChannelViews(tx, { cipher, userId: actor.userId }, [await requireSeen(tx, actor, channelId, action)])
  if (view === undefined) throw hidden()
  return view
}
