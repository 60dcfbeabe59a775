import type { Readable } from 'node:stream'
import type { MetadataSources } from '../../../domain/roster/metadataSources.ts'
import { isToBeDeleted, sourcedIdOf, toCells, toHeaderCells, toLeadCells, toRoles } from '../../../domain/roster/rest/records.ts'
import type { Collection, RestRecord } from '../../../domain/roster/rest/records.ts'
import { takenFiles } from '../../../domain/roster/feedFiles.ts'
import type { TakenFile } from '../../../domain/roster/feedFiles.ts'
import { writeFeed } from '../writeFeed.ts'
import type { FeedTable } from '../writeFeed.ts'
import { createSealedSpill } from './createSealedSpill.ts'
import type { SealedSpill } from './createSealedSpill.ts'
import type { Provider } from './createProvider.ts'
import { toRoleId } from './toRoleId.ts'

export type PullOptions = {
  /** Null: everything there is, in bulk. Else what changed after it, as a delta. */
  since: Date | null
  sources: MetadataSources
  /** For roles while users are read: sealed, on disk. */
  spillFolder: string
  /**
   * The ids of the roles that these users have in the district's roster, for a delta: REST gives a user's roles as a whole, and a file of changes has
   * to name those that went.
   */
  findRoleIds: (userSourcedIds: readonly string[]) => Promise<ReadonlyMap<string, readonly string[]>>
  signal: AbortSignal
}

/** How many rows of each file were written. */
export type PulledRows = Record<TakenFile, number>

/**
 * What a provider has, as an ordinary OneRoster 1.2 package that streams: the reader of feeds takes it like any other. What Hallpass does not take
 * (user names, passwords, identifiers, birth data and the like) is never written. `close` removes what lies on disk.
 */
export const toFeed = async (
  provider: Provider,
  options: PullOptions,
): Promise<{ feed: Readable; rows: PulledRows; close(): Promise<void> }> => {
  const spill = await createSealedSpill(options.spillFolder)
  const mode = options.since === null ? 'bulk' : 'delta'
  const rows = Object.fromEntries(takenFiles.map((file) => [file, 0])) as PulledRows
  const toTable = (file: TakenFile): FeedTable => ({
    file,
    rows: async function* () {
      yield toHeaderCells(file, options.sources)
      for await (const row of file === 'roles' ? spill.read() : readRows(provider, file, spill, options)) {
        rows[file] += 1
        yield row
      }
    },
  })
  return { feed: writeFeed(takenFiles.map(toTable), { version: '1.2', mode }), rows, close: () => spill.remove() }
}

async function* readRows(
  provider: Provider,
  collection: Collection,
  spill: SealedSpill,
  { since, sources, findRoleIds, signal }: PullOptions,
): AsyncGenerator<string[]> {
  const mode = since === null ? 'bulk' : 'delta'
  for await (const page of provider.read(collection, { since, signal })) {
    // In bulk what is to be deleted is not there any more.
    const records = mode === 'bulk' ? page.filter((record) => !isToBeDeleted(record)) : page
    if (collection === 'users') for (const row of await toRoleRows(records, mode, findRoleIds)) await spill.add(row)
    for (const record of records) yield toCells(collection, record, mode, sources)
  }
}

const toRoleRows = async (users: RestRecord[], mode: 'bulk' | 'delta', findRoleIds: PullOptions['findRoleIds']): Promise<string[][]> => {
  const known = mode === 'bulk' ? new Map<string, readonly string[]>() : await findRoleIds(users.map(sourcedIdOf))
  return users.flatMap((user) => {
    const roles = new Map(isToBeDeleted(user) ? [] : toRoles(user).map((role) => [toRoleId(role), role]))
    const [, status = '', changedAt = ''] = toLeadCells(user, mode)
    const gone = (known.get(sourcedIdOf(user)) ?? []).filter((id) => !roles.has(id))
    return [
      ...[...roles].map(([id, role]) => [
        id,
        status,
        changedAt,
        role.userSourcedId,
        role.role,
        role.orgSourcedId,
        role.beginDate,
        role.endDate,
      ]),
      ...gone.map((id) => [id, 'tobedeleted', changedAt, '', '', '', '', '']),
    ]
  })
}
