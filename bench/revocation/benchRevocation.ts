import { atMost, describeMachine, median, quantile, roundFigures, type BenchDocument, type Measured } from '../bench.ts'
import { measureCause, type Cause } from './measureCause.ts'
import { openRevocationWorld, type RevocationWorld } from './revocationWorld.ts'
import { fullRevocation, quickRevocation } from './revocationSize.ts'
import { startReaders } from './startReaders.ts'
import { waysOfReading } from './waysOfReading.ts'

const tell = (line: string): void => void process.stderr.write(`› ${line}\n`)

const sum = (values: readonly number[]): number => values.reduce((one, other) => one + other, 0)
/** What was not cut at all counts as endless. */
const slowest = (values: readonly (number | null)[]): number => Math.max(...values.map((value) => value ?? Infinity))

const toMeasured = (name: 'event' | 'sync', cause: Cause): Measured => {
  const of = (way: string) => cause.ended.filter((ended) => ended.way === way)
  const rows = waysOfReading.map(({ name: way }): [string, number][] => [
    [`${name}_${way}_last_read_median_ms`, median(of(way).map(({ lastShownMs }) => lastShownMs))],
    [`${name}_${way}_last_read_slowest_ms`, Math.max(...of(way).map(({ lastShownMs }) => lastShownMs))],
  ])
  return {
    ratios: {
      [`${name}_reads_begun_after_commit`]: atMost(sum(cause.ended.map(({ shownAfterCommit }) => shownAfterCommit)), 0),
      [`${name}_download_cut_slowest_s`]: atMost(slowest(cause.downloadCutMs) / 1_000, 2),
    },
    figures: roundFigures({
      ...Object.fromEntries(rows.flat()),
      [`${name}_download_cut_median_ms`]: median(cause.downloadCutMs.map((value) => value ?? Infinity)),
      [`${name}_event_stream_closed_slowest_ms`]: slowest(cause.eventsCutMs),
      [`${name}_done_median_ms`]: median(cause.doneMs),
      [`${name}_rounds`]: cause.doneMs.length,
    }),
  }
}

/** Milliseconds from the request to the answer, before which the roster has changed. */
const measureAlone = async (world: RevocationWorld, count: number): Promise<number[]> => {
  const took: number[] = []
  for (let index = 0; index < count; index += 1) {
    const { acceptedAt, doneAt } = await world.byEvent(index % 2 === 1)
    took.push(doneAt - acceptedAt)
  }
  return took
}

/** Measures how soon what somebody may no longer read cannot be read. @throws when a change is not applied, or a way does not end. */
export const benchRevocation = async ({ isQuick }: { isQuick: boolean }): Promise<BenchDocument> => {
  const size = isQuick ? quickRevocation : fullRevocation
  tell('starting servers, API and worker')
  const world = await openRevocationWorld(size)
  try {
    tell(`${size.alone} single events while nobody reads`)
    const alone = await measureAlone(world, size.alone)
    const readers = startReaders(world.reader, waysOfReading)
    tell(`${size.events} single events while all read`)
    const events = await measureCause(world, readers, { change: world.byEvent, rounds: size.events, cuts: size.cuts })
    tell(`${size.syncs} feeds of ${size.enrollments} enrollments`)
    const syncs = await measureCause(world, readers, { change: world.bySync, rounds: size.syncs, cuts: size.syncs })
    await readers.stop()
    const [ofEvents, ofSyncs] = [toMeasured('event', events), toMeasured('sync', syncs)]
    return {
      bench: 'revocation',
      machine: describeMachine(),
      ratios: { event_request_to_effect_p99_s: atMost(quantile(alone, 0.99) / 1_000, 1), ...ofEvents.ratios, ...ofSyncs.ratios },
      figures: {
        ...roundFigures({ event_alone_median_ms: median(alone), event_alone_p99_ms: quantile(alone, 0.99) }),
        ...ofEvents.figures,
        ...ofSyncs.figures,
        reads: readers.count(),
      },
    }
  } finally {
    await world.close()
  }
}
