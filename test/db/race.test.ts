import { randomBytes } from 'node:crypto'
import { v7 as newId } from 'uuid'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { readDistrict, withDistrict } from '../../db/openDatabase.ts'
import type { Database } from '../../db/openDatabase.ts'
import { listMessages } from '../../db/queries/listMessages.ts'
import { openChannel } from '../../db/queries/openChannel.ts'
import { postMessage } from '../../db/queries/postMessage.ts'
import { createTestDatabase } from '../support/database.ts'
import type { TestDatabase } from '../support/database.ts'
import { createSampleDistrict } from './roster.ts'
import type { SampleDistrict } from './roster.ts'

const rounds = 1_000

let test: TestDatabase
let app: Database
let district: SampleDistrict

beforeAll(async () => {
  test = await createTestDatabase()
  app = await test.open('app', 6)
  district = await createSampleDistrict(test.superuser)
})
afterAll(() => test.close())

type Attempt = { startedAt: bigint; outcome: string }

/** Posts again and again until it is hidden; each attempt notes when it was begun. */
const postUntilHidden = async (channelId: string, onPosted: () => void): Promise<Attempt[]> => {
  const attempts: Attempt[] = []
  for (;;) {
    const startedAt = process.hrtime.bigint()
    const { outcome } = await withDistrict(app, district.districtId, (tx) =>
      postMessage(tx, { id: newId(), channelId, authorId: district.studentId, body: randomBytes(40), attachmentIds: [] }),
    )
    attempts.push({ startedAt, outcome })
    if (outcome === 'hidden') return attempts
    onPosted()
  }
}

/** Answers when it was acknowledged, by this process's clock. */
const setEnrolled = async (isEnrolled: boolean): Promise<bigint> => {
  await test.superuser.query('update enrollments set until_version = $2 where id = $1', [district.learningId, isEnrolled ? null : 2])
  return process.hrtime.bigint()
}

/** By the database's clock. */
const readClock = async (): Promise<string> =>
  (await test.superuser.query<{ now: string }>('select clock_timestamp()::text as now')).rows[0]?.now ?? ''

/** Messages written by a statement that began after `since`. */
const countMessages = async (channelId: string, since: string): Promise<number> => {
  const { rows } = await test.superuser.query<{ count: number }>(
    'select count(*)::int as count from messages where district_id = $1 and channel_id = $2 and created_at > $3',
    [district.districtId, channelId, since],
  )
  return rows[0]?.count ?? 0
}

const pause = (milliseconds: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, milliseconds))

it(
  `accepts no post begun after a revocation was acknowledged, and shows the removed nothing, ${rounds} times over`,
  { timeout: 600_000 },
  async () => {
    const { districtId, teacherId, studentId } = district
    const opened = await withDistrict(app, districtId, (tx) => openChannel(tx, { teacherId, participantId: studentId, studentId }))
    const channelId = opened?.channel.id ?? ''
    let late = 0
    let shown = 0
    let cutOff = 0
    for (let round = 0; round < rounds; round += 1) {
      await setEnrolled(true)
      const firstPost = Promise.withResolvers<void>()
      const posting = Promise.all([postUntilHidden(channelId, firstPost.resolve), postUntilHidden(channelId, firstPost.resolve)])
      await firstPost.promise
      // Spread over the life of a post, so that revocations fall before, into and behind statements.
      await pause(round % 4)
      const revokedAt = await setEnrolled(false)
      const revokedAtByDatabase = await readClock()
      const messages = await readDistrict(app, districtId, (tx) =>
        listMessages(tx, { channelId, actorId: studentId, as: 'party', limit: 1 }),
      )
      shown += messages.length
      const attempts = (await posting).flat()
      late += attempts.filter(({ outcome, startedAt }) => outcome === 'posted' && startedAt > revokedAt).length
      late += await countMessages(channelId, revokedAtByDatabase)
      cutOff += attempts.filter(({ outcome, startedAt }) => outcome === 'hidden' && startedAt < revokedAt).length
    }
    expect({ late, shown }).toEqual({ late: 0, shown: 0 })
    // Posts that were under way when the revocation came: otherwise nothing was raced.
    expect(cutOff).toBeGreaterThan(0)
  },
)
