import type { Translator } from '../../domain/ports.ts'
import { translateText } from '../../domain/translation/translateText.ts'
import { atMost, median, quantile, roundFigures, type Measured } from '../bench.ts'
import { createBareCall, source, target, toMessage } from './createBareCall.ts'
import { concurrent, timeCalls } from './timeCalls.ts'

const names = [{ kind: 'name', text: 'Mateo' }] as const

export type OverheadSize = { rounds: number; calls: number }

type Measuring = OverheadSize & { translator: Translator; endpoint: string }

/** What guard, splitting and the AWS SDK cost over the bare call, `concurrent` at a time, in turns, so that both have the same machine. */
export const measureOverhead = async ({ translator, endpoint, rounds, calls }: Measuring): Promise<Measured> => {
  const bare = createBareCall(endpoint, concurrent)
  const translate = (piece: string) => translator.translate({ text: piece, source, target })
  const whole = (turn: number) => translateText({ text: toMessage(turn), source, names, translate })
  const callBare = (turn: number) => bare.call(toMessage(turn))
  const [bareMs, wholeMs]: [number[], number[]] = [[], []]
  // Programs start, and code is compiled, before anything counts.
  await timeCalls(calls, callBare)
  await timeCalls(calls, whole)
  for (let round = 0; round < rounds; round += 1) {
    bareMs.push(...(await timeCalls(calls, callBare)))
    wholeMs.push(...(await timeCalls(calls, whole)))
  }
  bare.close()
  const seconds = wholeMs.reduce((sum, ms) => sum + ms, 0) / 1_000 / concurrent
  return {
    ratios: { overhead_p50: atMost(median(wholeMs) / median(bareMs), 1.5) },
    figures: roundFigures({
      bare_call_p50_ms: median(bareMs),
      bare_call_p95_ms: quantile(bareMs, 0.95),
      guarded_call_p50_ms: median(wholeMs),
      guarded_call_p95_ms: quantile(wholeMs, 0.95),
      guarded_calls_per_second: wholeMs.length / seconds,
    }),
  }
}
