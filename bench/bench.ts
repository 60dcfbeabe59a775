import { arch, cpus, platform, totalmem } from 'node:os'

/** A figure that is judged: `aim` says in which direction, and `met` whether it was reached. */
export type Ratio = { value: number; aim: string; met: boolean }

export type BenchDocument = {
  bench: string
  machine: { platform: string; processor: string; cores: number; memoryGiB: number; node: string; date: string }
  ratios: Record<string, Ratio>
  /** Everything else that was measured. The name ends with the unit. */
  figures: Record<string, number>
}

/** What one part of a benchmark adds to its document. */
export type Measured = Pick<BenchDocument, 'ratios' | 'figures'>

export const describeMachine = (): BenchDocument['machine'] => ({
  platform: `${platform()} ${arch()}`,
  processor: cpus()[0]?.model ?? 'unknown',
  cores: cpus().length,
  memoryGiB: Math.round(totalmem() / 1024 ** 3),
  node: process.versions.node,
  date: new Date().toISOString().slice(0, 10),
})

const round = (value: number): number => Number(value.toPrecision(4))

export const atLeast = (value: number, aim: number): Ratio => ({ value: round(value), aim: `>= ${aim}`, met: value >= aim })
export const atMost = (value: number, aim: number): Ratio => ({ value: round(value), aim: `<= ${aim}`, met: value <= aim })

/** `part` in 0…1; between two values, the lower one. */
export const quantile = (values: readonly number[], part: number): number => {
  const sorted = values.toSorted((one, other) => one - other)
  const found = sorted[Math.min(sorted.length - 1, Math.floor(part * sorted.length))]
  if (found === undefined) throw new RangeError('there is no quantile of nothing')
  return found
}

export const median = (values: readonly number[]): number => quantile(values, 0.5)

export const roundFigures = (figures: Record<string, number>): Record<string, number> =>
  Object.fromEntries(Object.entries(figures).map(([name, value]) => [name, round(value)]))

/** For people: ratios first, then figures. */
export const toTable = ({ bench, machine, ratios, figures }: BenchDocument): string => {
  const width = Math.max(...[...Object.keys(ratios), ...Object.keys(figures)].map((name) => name.length)) + 2
  return [
    `${bench} · ${machine.processor}, ${machine.cores} cores, ${machine.memoryGiB} GiB, ${machine.platform}, Node ${machine.node}, ${machine.date}`,
    '',
    ...Object.entries(ratios).map(
      ([name, { value, aim, met }]) =>
        `${name.padEnd(width)}${String(value).padStart(10)}   aim ${aim.padEnd(8)} ${met ? 'met' : 'missed'}`,
    ),
    '',
    ...Object.entries(figures).map(([name, value]) => `${name.padEnd(width)}${String(value).padStart(10)}`),
    '',
  ].join('\n')
}
