/**
 * Which transactions had committed at one moment, as Postgres says it (`pg_current_snapshot`): everything below `xmin`, and of those below `xmax` all but
 * `running`. Ids of events would not do: a transaction that began earlier and commits later would be skipped.
 */
export type Snapshot = { xmin: number; xmax: number; running: readonly number[] }

/** Up to where a stream has heard: what had committed, and when that was, in milliseconds since 1970. */
export type EventCursor = { at: number; snapshot: Snapshot }

const snapshotShape = /^(\d{1,15}):(\d{1,15}):((?:\d{1,15},)*\d{1,15})?$/

/** More transactions than this run at once in no database of ours. */
const runningMax = 1_000

/** Reads what Postgres writes, or a client sends back. Null when it is no snapshot. */
export const parseSnapshot = (text: string): Snapshot | null => {
  const [, low, high, list] = snapshotShape.exec(text) ?? []
  if (low === undefined || high === undefined) return null
  const [xmin, xmax] = [Number(low), Number(high)]
  const running = list === undefined ? [] : list.split(',').map(Number)
  const isSound = xmin <= xmax && running.length <= runningMax && running.every((one) => one >= xmin && one < xmax)
  return isSound ? { xmin, xmax, running } : null
}

export const toSnapshotText = ({ xmin, xmax, running }: Snapshot): string => `${xmin}:${xmax}:${running.join(',')}`

/**
 * The same up to `last`, the last transaction of which something is there. After a crash Postgres gives numbers out once more that left nothing on its disk, those of transactions that were
 * rolled back just before: whoever counted them as past would not hear of what is then written under them.
 */
export const upToLast = ({ xmin, xmax, running }: Snapshot, last: number): Snapshot => {
  const end = Math.min(xmax, last + 1)
  return { xmin: Math.min(xmin, end), xmax: end, running: running.filter((one) => one < end) }
}

/** Whether what the transaction wrote had committed at that moment. */
export const hasCommitted = ({ xmin, xmax, running }: Snapshot, xact: number): boolean =>
  xact < xmin || (xact < xmax && !running.includes(xact))

/** Whether more had committed in the one than in the other. Snapshots of one database follow each other: what has committed stays so. */
export const isLater = (one: Snapshot, other: Snapshot): boolean =>
  one.xmax > other.xmax || (one.xmax === other.xmax && one.running.length < other.running.length)

/** The id of an event for a client, which sends it back as `Last-Event-ID`. Whoever forges one hears of other events that they may see, or of fewer. */
export const toEventId = ({ at, snapshot }: EventCursor): string => `${at}/${toSnapshotText(snapshot)}`

/** Null for what we never sent. */
export const parseEventId = (text: string): EventCursor | null => {
  const [, at, rest] = /^(\d{1,15})\/(.*)$/.exec(text) ?? []
  const snapshot = rest === undefined ? null : parseSnapshot(rest)
  return snapshot === null ? null : { at: Number(at), snapshot }
}
