import { translateMessageId } from '../../workflows/contract.ts'
import { atLeast, median, roundFigures, type Measured } from '../bench.ts'
import { readFloorKinds, runFloor, type FloorKinds } from '../floor/runFloor.ts'
import { awaitTranslated } from './awaitTranslated.ts'
import { createBareCall, target, toMessage } from './createBareCall.ts'
import { concurrent, timeCalls } from './timeCalls.ts'
import type { TranslationWorld } from './translationWorld.ts'

export type ThroughputSize = { rounds: number; messages: number }

/** How many a second, `concurrent` at a time. */
const countPerSecond = async (count: number, call: (turn: number) => Promise<unknown>): Promise<number> => {
  const began = performance.now()
  await timeCalls(count, call)
  return (count * 1_000) / (performance.now() - began)
}

const post = async ({ client, channelIds }: TranslationWorld, turn: number): Promise<string> => {
  const param = { id: channelIds[turn % channelIds.length] ?? '' }
  const answer = await client.v1.channels[':id'].messages.$post({ param, json: { text: toMessage(turn) } })
  if (answer.status !== 201) throw new Error(`a post was answered with HTTP ${answer.status}`)
  return (await answer.json()).id
}

/**
 * Messages a second that somebody asks for and reads in another language, over what nobody who wants it durable can do without: a workflow with as many activities that do nothing, and the bare call
 * for the same text. Round for round in turns, with the bare calls alone beside them. Posting is not timed.
 */
export const measureThroughput = async (world: TranslationWorld, { rounds, messages }: ThroughputSize): Promise<Measured> => {
  const { client, districtId, endpoint, temporal } = world
  const bare = createBareCall(endpoint, concurrent)
  const postAll = async (round: number): Promise<string[]> => {
    const ids: string[] = []
    for (let n = 0; n < messages; n += 1) ids.push(await post(world, round * messages + n))
    return ids
  }
  const translate = (id: string) =>
    awaitTranslated(() => client.v1.messages[':id'].translations.$post({ param: { id }, json: { language: target } }))
  const [whole, floor, alone]: [number[], number[], number[]] = [[], [], []]
  let kinds: FloorKinds = []
  // The first round warms everything, and is not counted.
  for (let round = 0; round <= rounds; round += 1) {
    const ids = await postAll(round)
    const rate = await countPerSecond(messages, (turn) => translate(ids[turn - 1] ?? ''))
    kinds = await readFloorKinds(temporal, translateMessageId({ districtId, textId: ids[0] ?? '', language: target, attempt: 1 }))
    const floorRate = await countPerSecond(messages, async (turn) => {
      await runFloor(temporal, kinds, `translation-${round}-${turn}`)
      await bare.call(toMessage(turn))
    })
    const aloneRate = await countPerSecond(messages, (turn) => bare.call(toMessage(turn)))
    if (round === 0) continue
    whole.push(rate)
    floor.push(floorRate)
    alone.push(aloneRate)
  }
  bare.close()
  return {
    ratios: { throughput_over_floor: atLeast(median(whole) / median(floor), 0.5) },
    figures: roundFigures({
      translated_messages_per_second: median(whole),
      floor_runs_per_second: median(floor),
      bare_calls_per_second: median(alone),
      activities_a_run: kinds.length,
    }),
  }
}
