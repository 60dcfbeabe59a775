import { atMost, median, quantile, roundFigures, type Measured } from '../bench.ts'
import { awaitTranslated } from './awaitTranslated.ts'
import { target, toMessage } from './createBareCall.ts'
import type { TranslationWorld } from './translationWorld.ts'

const announce = async ({ client, sections }: TranslationWorld, turn: number): Promise<string> => {
  const param = { id: sections.large }
  const answer = await client.v1.sections[':id'].announcements.$post({ param, json: { text: toMessage(turn), recipients: 'both' } })
  if (answer.status !== 201) throw new Error(`an announcement was answered with HTTP ${answer.status}`)
  return (await answer.json()).id
}

/**
 * Everybody of a section asks for the same announcement in the same language at the same moment, each with a session of their own: how often the translator was asked for it, at the worst of all
 * rounds, and when readers had it. @throws when somebody reads something else than the others, or nothing was translated.
 */
export const measureReaders = async (world: TranslationWorld, rounds: number): Promise<Measured> => {
  const [calls, each, slowest]: [number[], number[], number[]] = [[], [], []]
  // The first round warms every connection; its calls count, its times do not.
  for (let round = 0; round <= rounds; round += 1) {
    const param = { id: await announce(world, round) }
    const before = await world.countCalls()
    const began = performance.now()
    const read = await Promise.all(
      world.readers.map(async (reader) => {
        const text = await awaitTranslated(() => reader.v1.announcements[':id'].translations.$post({ param, json: { language: target } }))
        return { text, ms: performance.now() - began }
      }),
    )
    if (new Set(read.map(({ text }) => text)).size !== 1) throw new Error('readers of one announcement read different translations')
    calls.push((await world.countCalls()) - before)
    if (round === 0) continue
    each.push(...read.map(({ ms }) => ms))
    slowest.push(Math.max(...read.map(({ ms }) => ms)))
  }
  if (Math.min(...calls) < 1) throw new Error('readers read what was not translated')
  return {
    ratios: { [`calls_for_${world.readers.length}_readers`]: atMost(Math.max(...calls), 1) },
    figures: roundFigures({
      readers_rounds: calls.length,
      reader_has_it_p50_ms: median(each),
      reader_has_it_p95_ms: quantile(each, 0.95),
      last_reader_has_it_p50_ms: median(slowest),
    }),
  }
}
