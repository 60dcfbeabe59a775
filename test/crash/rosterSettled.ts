import { readdir, stat } from 'node:fs/promises'
import { join } from 'node:path'
import { expect, inject, vi } from 'vitest'
import { createFollowAlert } from '../../activities/followAlert.ts'
import { sweepSpool } from '../../worker/sweepSpool.ts'
import type { AttachmentWorld } from '../support/attachmentWorld.ts'
import { present } from '../support/present.ts'
import { countHalfDone } from './countHalfDone.ts'
import { dumpDistrict, lookAtTold, type DistrictDump } from './dumpDistrict.ts'
import { repair } from './repair.ts'
import type { Settling } from './scenario.ts'

/** How a district is found after everything, whether a worker died or not. What is not said here is as in the walk in which nobody died. */
export type RosterEnding = {
  /** Of which walk without a death everything is to be as it was. */
  of: string
  /** The states of its syncs, in their order. */
  syncs: readonly string[]
  mails?: readonly string[]
  texts?: readonly string[]
  alerts?: readonly string[]
  objects?: readonly string[]
}

/** What the schedules do about rosters, sooner or later. */
const repairs = ['settleFeeds', 'restartLostSyncs', 'forgetFeeds'] as const

/** What of temporary files is left by the next start of a worker, and how many bytes there were of it before. */
const lookAtSpool = async ({ config: { spoolFolder } }: AttachmentWorld): Promise<{ names: string[]; bytes: number }> => {
  const sizes = await Promise.all((await readdir(spoolFolder)).map(async (name) => (await stat(join(spoolFolder, name))).size))
  await sweepSpool(spoolFolder, 0)
  return { names: await readdir(spoolFolder), bytes: sizes.reduce((sum, size) => sum + size, 0) }
}

/** Nothing of what any walk made lies anywhere that is not a district's. */
const expectNothingElse = async (world: AttachmentWorld): Promise<void> => {
  const { superuser } = world.database
  const count = async (text: string): Promise<number> => (await superuser.query(text)).rowCount ?? 0
  // A connection is gone a moment after its process.
  await vi.waitFor(async () => expect(await count(`select 1 from pg_class where relpersistence = 't' and relkind = 'r'`)).toBe(0), {
    timeout: 20_000,
    interval: 100,
  })
  expect({
    waiting: await count('select 1 from outbox where started_at is null'),
    alerts: await count('select 1 from open_alerts'),
    halfDone: await countHalfDone(inject('stack').s3, [world.buckets.names.roster]),
    spooled: await lookAtSpool(world),
  }).toEqual({ waiting: 0, alerts: 0, halfDone: 0, spooled: { names: [], bytes: 0 } })
}

/** As the watch of operations does once nobody has met the trouble for a while; an attempt that was given up may still have met it when its run had ended. */
const endTranslatorPage = async ({ adapters, database }: AttachmentWorld): Promise<void> => {
  await database.superuser.query(
    `update open_alerts set seen_at = seen_at - interval '1 day' where dedup_key = 'translator-misconfigured' and seen_at > now() - interval '1 hour'`,
  )
  await createFollowAlert(adapters)('translator-misconfigured', { holds: false, details: {} })
}

/** Of what differs, only where: behind a `+` what is there now and was not when nobody died, behind a `-` what was. */
const findDifferences = (now: Record<string, string[]>, before: Record<string, unknown>): Record<string, string[]> =>
  Object.fromEntries(
    Object.entries(now).flatMap(([name, lines]): [string, string[]][] => {
      const known = before[name] as string[]
      const differing = [
        ...lines.filter((line) => !known.includes(line)).map((line) => `+ ${line}`),
        ...known.filter((line) => !lines.includes(line)).map((line) => `- ${line}`),
      ]
      return lines.length === known.length && differing.length === 0 ? [] : [[name, [`${known.length}, now ${lines.length}`, ...differing]]]
    }),
  )

/** Makes room for the next walks. */
const clear: Settling['clear'] = async (world) => {
  await world.database.superuser.query(
    'truncate roster_syncs, roster_pulls, school_year_ends, channels, outbox, suspensions, open_alerts cascade',
  )
  for (const key of new Set((await world.buckets.listAll('roster')).map((object) => object.key)))
    await world.buckets.seen.roster.deleteAllVersions(key)
}

/**
 * Of districts: each has the rows, objects, mails, alerts and acts that it has when nobody dies, and nothing else lies anywhere. A walk without a death has to
 * come first; it is held to what its scenario says.
 */
export const createRosterSettling = (): Settling<RosterEnding> => {
  const withoutDeath = new Map<string, DistrictDump>()
  return {
    findUnsettled: async (world, settled) => {
      await repair(world, repairs)
      await endTranslatorPage(world)
      const told = await lookAtTold()
      const wrong: { id: string | null; error: unknown }[] = []
      for (const { id, ending, point } of settled) {
        const { of, ...expected } = ending
        const { rows, ...found } = await dumpDistrict(world, id, told)
        if (point === null) withoutDeath.set(of, { rows, ...found })
        const before = present(withoutDeath.get(of))
        try {
          expect(found).toMatchObject(expected)
          expect(findDifferences({ ...rows, ...found }, { ...before, ...before.rows })).toEqual({})
        } catch (error) {
          wrong.push({ id, error })
        }
      }
      await expectNothingElse(world).catch((error: unknown) => wrong.push({ id: null, error }))
      return wrong
    },
    clear,
  }
}
