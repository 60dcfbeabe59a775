import type { OverheadSize } from './measureOverhead.ts'
import type { ThroughputSize } from './measureThroughput.ts'
import type { WorldSize } from './translationWorld.ts'

export type TranslationSize = {
  /** Generated ones. */
  sentences: number
  overhead: OverheadSize
  world: WorldSize
  /** How often everybody asks at once. */
  rounds: number
  throughput: ThroughputSize
}

export const fullTranslation: TranslationSize = {
  sentences: 2_000,
  overhead: { rounds: 10, calls: 200 },
  world: { readers: 100, channels: 30 },
  rounds: 10,
  throughput: { rounds: 5, messages: 100 },
}
export const quickTranslation: TranslationSize = {
  sentences: 100,
  overhead: { rounds: 1, calls: 20 },
  world: { readers: 100, channels: 3 },
  rounds: 1,
  throughput: { rounds: 1, messages: 20 },
}
