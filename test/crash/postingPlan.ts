import fc from 'fast-check'

/** What is killed while people write. */
export const mortals = ['api', 'worker', 'postgres', 'temporal'] as const
export type Mortal = (typeof mortals)[number]

/** It dies once so many more requests were sent, and is started again after so many milliseconds: others die meanwhile. */
export type Death = { of: Mortal; afterRequests: number; downMs: number }

/** How many requests of those who write are sent between two deaths, at most: deaths then meet each other's ends. */
const requestsBetween = 40

const deathOf = (of: Mortal): fc.Arbitrary<Death> =>
  fc.record({ of: fc.constant(of), afterRequests: fc.nat(requestsBetween), downMs: fc.nat(600) })

/** Everything dies once, in any order, and what holds requests and rows once more. */
const plans: fc.Arbitrary<readonly Death[]> = fc
  .tuple(fc.shuffledSubarray([...mortals], { minLength: mortals.length }), fc.constantFrom<Mortal>('api', 'postgres'))
  .chain(([order, again]) => fc.tuple(...[...order, again].map(deathOf)))

/** The deaths of a seed: the same for the same seed. */
export const planDeaths = (seed: number): readonly Death[] => fc.sample(plans, { seed, numRuns: 1 })[0] ?? []
