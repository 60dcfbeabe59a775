import { expect, inject } from 'vitest'
import type { AttachmentWorld } from '../support/attachmentWorld.ts'
import { openStored } from '../support/openStored.ts'
import { present } from '../support/present.ts'
import { alertsAbout, mailsTo } from '../support/sinks.ts'
import type { CrashPoint } from './effects.ts'
import type { CrashLane } from './crashLane.ts'
import { countHalfDone } from './countHalfDone.ts'
import { repair } from './repair.ts'
import type { Ending } from './scenario.ts'

/** How the mailbox tells one mail from another: a worker that dies right behind the sending sends it once more. */
const noticesAbout = async (world: AttachmentWorld, id: string): Promise<string[]> =>
  (await mailsTo(world.channel.teacherEmail)).map(({ headers }) => headers['message-id']).filter((messageId) => messageId.includes(id))

const objectKeysIn = async (world: AttachmentWorld, role: 'incoming' | 'clean' | 'quarantine'): Promise<string[]> =>
  (await world.buckets.listAll(role)).map(({ key }) => key)

/** Everything there is, of the one attachment in the lane's world: nothing else may lie anywhere. */
const look = async (world: AttachmentWorld, id: string) => {
  const { superuser } = world.database
  const row = await world.row(id)
  const wrapped = await superuser.query<{ object_key: string }>('select object_key from keys.object_keys')
  const outbox = await superuser.query<{ waiting: number; stale: number }>(
    `select count(*) filter (where started_at is null)::int as waiting,
       count(*) filter (where started_at < now() - interval '90 days')::int as stale from outbox`,
  )
  const idempotency = await superuser.query(`select 1 from idempotency_keys`)
  const audit = await superuser.query<{ action: string; count: number }>(
    'select action, count(*)::int as count from audit_entries where target = $1 group by action',
    [id],
  )
  const badHashes = await superuser.query('select 1 from bad_hashes')
  const notices = await noticesAbout(world, id)
  return {
    state: row.state,
    attempt: row.attempt,
    incoming: await objectKeysIn(world, 'incoming'),
    clean: await objectKeysIn(world, 'clean'),
    quarantine: await objectKeysIn(world, 'quarantine'),
    keys: wrapped.rows.map(({ object_key: key }) => key),
    halfDone: await countHalfDone(inject('stack').s3, Object.values(world.buckets.names)),
    outbox: outbox.rows[0],
    idempotencyKeys: idempotency.rowCount,
    badHashes: badHashes.rowCount,
    audit: Object.fromEntries(audit.rows.map(({ action, count }) => [action, count])),
    alerts: [...new Set((await alertsAbout(id)).map(({ dedup_key: key }) => key))],
    notices: new Set(notices).size,
  }
}

/**
 * Lets the schedules do their work, and checks that the attachment is where it should be, that everybody heard of it once, and that nothing
 * else is left anywhere. `point` is where the worker died, if it did. One mail is one Message-ID: where a worker dies, or is taken for dead, between the
 * sending and the server's knowing of it, no program can send once.
 */
export const expectSettled = async ({ world }: CrashLane, id: string, ending: Ending, point: CrashPoint | null): Promise<void> => {
  const { state, attempt = 1, kept, isAlerted = false, isToldToUploader = false, audit } = ending
  const isUnknown = point !== null && point.activity === ending.isFoundIn
  await repair(world)
  const row = await world.row(id)
  const key = kept === undefined ? [] : [present(kept === 'clean' ? row.clean_key : row.quarantine_key)]
  const found = await look(world, id)
  const notices = isToldToUploader ? 1 : 0
  expect(found).toEqual({
    state,
    attempt,
    incoming: [],
    clean: kept === 'clean' ? key : [],
    quarantine: kept === 'quarantine' ? key : [],
    keys: key,
    halfDone: 0,
    outbox: { waiting: 0, stale: 0 },
    idempotencyKeys: 0,
    badHashes: state === 'quarantined' ? 1 : 0,
    audit: audit ?? found.audit,
    alerts:
      isAlerted === false || (isUnknown && found.alerts.length === 0)
        ? []
        : [`${isAlerted === true ? 'attachment-infected' : isAlerted}:${id}`],
    notices,
  })
  if (kept !== undefined) expect((await openStored(world, kept, present(key[0]))).plaintext.length).toBeGreaterThan(0)
}

/** Makes room for the next attachment. */
export const clearLane = async ({ world }: CrashLane): Promise<void> => {
  await world.database.superuser.query(
    'truncate attachments, outbox, idempotency_keys, keys.object_keys, bad_hashes, user_upload_usage, district_upload_usage cascade',
  )
  for (const role of ['incoming', 'clean', 'quarantine'] as const)
    for (const key of new Set(await objectKeysIn(world, role))) await world.buckets.seen[role].deleteAllVersions(key)
}
