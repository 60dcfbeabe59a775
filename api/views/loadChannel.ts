import { decideChannel, type ChannelAction } from '../../domain/access.ts'
import type { ColumnCipher } from '../../db/districtKeys.ts'
import type { DistrictTransaction } from '../../db/openDatabase.ts'
import type { ChannelRecord } from '../../db/queries/channelRow.ts'
import { findChannel, type ChannelFacts } from '../../db/queries/findChannel.ts'
import type { ReadsAs } from '../../db/queries/readsAlong.ts'
import type { Actor } from '../apiEnv.ts'
import { hidden, requireAllowed } from '../requireAllowed.ts'
import type { ChannelView } from '../schemas/channelSchema.ts'
import { toChannelViews, type SeenChannel } from './toChannelViews.ts'

const requireSeen = async (tx: DistrictTransaction, actor: Actor, channelId: string, action: ChannelAction): Promise<ChannelFacts> => {
  const facts = await findChannel(tx, { channelId, actorId: actor.userId })
  if (facts === null) throw hidden()
  requireAllowed(decideChannel(facts, action))
  return facts
}

/**
 * The channel, if the actor may do `action` in it by the roster of this snapshot, and how the actor reads it. Call under `readDistrict`.
 * @throws {Refusal} the uniform 404, or 403 for what a party may know of but not do.
 */
export const requireChannel = async (
  tx: DistrictTransaction,
  actor: Actor,
  channelId: string,
  action: ChannelAction,
): Promise<{ channel: ChannelRecord; as: ReadsAs }> => {
  const { channel, standing } = await requireSeen(tx, actor, channelId, action)
  return { channel, as: standing === 'reader' ? 'reader' : 'party' }
}

/** Those of these channels that the actor opened and reads by the roster of this snapshot. Call under `readDistrict`. */
export const loadOpenChannels = async (
  tx: DistrictTransaction,
  cipher: ColumnCipher,
  actor: Actor,
  channelIds: readonly string[],
): Promise<ChannelView[]> => {
  const seen: SeenChannel[] = []
  for (const channelId of channelIds) {
    const facts = await findChannel(tx, { channelId, actorId: actor.userId })
    if (facts !== null && decideChannel(facts, 'channel.open') === 'allow') seen.push(facts)
  }
  return toChannelViews(tx, { cipher, userId: actor.userId }, seen)
}

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
