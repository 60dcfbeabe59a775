import pg from 'pg'
import { toPlace } from '../../demo/district/place.ts'
import { signIn } from '../../demo/district/signIn.ts'
import { quantile, roundFigures, type Measured } from '../bench.ts'
import type { RosterWorld } from './rosterWorld.ts'

const pairsOfEach = 100

/** Teachers with a student of theirs, and two people by chance; the same in every run of one size. */
const listPairs = async (superuser: pg.Client, districtId: string): Promise<{ actor: string; target: string }[]> => {
  const { rows } = await superuser.query<{ actor: string; target: string }>(
    `(select t.user_id as actor, s.user_id as target from enrollments t
       join enrollments s on s.district_id = t.district_id and s.section_id = t.section_id and s.role = 'student'
       where t.district_id = $1 and t.role = 'teacher' and t.until_version is null and s.until_version is null order by md5(s.sourced_id) limit $2)
     union all
     (select a.id, b.id from (select id, row_number() over (order by md5(sourced_id)) n from users where district_id = $1 limit $2) a
       join (select id, row_number() over (order by md5(sourced_id || 'b')) n from users where district_id = $1 limit $2) b using (n) where a.id <> b.id)`,
    [districtId, pairsOfEach],
  )
  return rows
}

/** How long an administrator waits who asks why two people of a large district may converse or may not, now and a second ago, which is worked out from intervals. */
export const measureExplain = async (world: RosterWorld, districtId: string): Promise<Measured> => {
  const superuser = new pg.Client({ connectionString: world.stack.postgres.urls.superuser })
  await superuser.connect()
  try {
    const pairs = await listPairs(superuser, districtId)
    const token = await signIn(toPlace(world.stack, world.apps()), districtId, 'hallpass:bench')
    const ask = async (pair: { actor: string; target: string }, more: Record<string, string>): Promise<number> => {
      const query = new URLSearchParams({ ...pair, ...more }).toString()
      const beganAt = performance.now()
      const answer = await fetch(`${world.apps().api.url}/v1/access/explain?${query}`, { headers: { authorization: `Bearer ${token}` } })
      await answer.arrayBuffer()
      if (!answer.ok) throw new Error(`an explanation was answered with HTTP ${answer.status}`)
      return performance.now() - beganAt
    }
    const past = { at: new Date(Date.now() - 1_000).toISOString() }
    const times = { now: [] as number[], past: [] as number[] }
    // A process that has just started is not what is measured.
    for (const pair of pairs.slice(0, 20)) await ask(pair, {})
    for (const pair of pairs) {
      times.now.push(await ask(pair, {}))
      times.past.push(await ask(pair, past))
    }
    const figures = Object.entries(times).flatMap(([when, all]) => [
      [`explain_${when}_p50_ms`, quantile(all, 0.5)] as const,
      [`explain_${when}_p99_ms`, quantile(all, 0.99)] as const,
    ])
    return { ratios: {}, figures: roundFigures(Object.fromEntries(figures)) }
  } finally {
    await superuser.end()
  }
}
