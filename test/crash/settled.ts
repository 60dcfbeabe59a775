import { expect, inject } from 'vitest'
import { operationsDistrictId } from '../../db/operationsDistrict.ts'
import type { AttachmentWorld } from '../support/attachmentWorld.ts'
import { openStored } from '../support/openStored.ts'
import { present } from '../support/present.ts'
import { alertsAbout, mailsTo, toWords } from '../support/sinks.ts'
import { countHalfDone } from './countHalfDone.ts'
import { repair } from './repair.ts'
import type { Settled, Settling } from './scenario.ts'

const objectKeysIn = async (world: AttachmentWorld, role: 'incoming' | 'clean' | 'quarantine'): Promise<string[]> =>
  (await world.buckets.listAll(role)).map(({ key }) => key).toSorted()

/** Everything there is in a world, whatever it is of. */
const lookAround = async (world: AttachmentWorld) => {
  const { superuser } = world.database
  const wrapped = await superuser.query<{ object_key: string }>('select object_key from keys.object_keys')
  const outbox = await superuser.query<{ waiting: number; stale: number }>(
    `select count(*) filter (where started_at is null)::int as waiting,
       count(*) filter (where started_at < now() - interval '90 days')::int as stale from outbox`,
  )
  const idempotency = await superuser.query(`select 1 from idempotency_keys`)
  const badHashes = await superuser.query<{ sha256: string }>(`select encode(sha256, 'hex') as sha256 from bad_hashes order by 1`)
  return {
    incoming: await objectKeysIn(world, 'incoming'),
    clean: await objectKeysIn(world, 'clean'),
    quarantine: await objectKeysIn(world, 'quarantine'),
    keys: wrapped.rows.map(({ object_key: key }) => key).toSorted(),
    halfDone: await countHalfDone(inject('stack').s3, Object.values(world.buckets.names)),
    outbox: outbox.rows[0],
    idempotencyKeys: idempotency.rowCount,
    badHashes: badHashes.rows.map(({ sha256 }) => sha256),
  }
}

/** Whatever was sent to anybody, by key and by Message-ID. */
type Told = { alerts: readonly { dedupKey: string; said: string }[]; messageIds: readonly string[] }

const lookAtTold = async (world: AttachmentWorld): Promise<Told> => ({
  alerts: (await alertsAbout('')).map((event) => ({ dedupKey: event.dedup_key, said: toWords(event) })),
  messageIds: (await mailsTo(world.channel.teacherEmail)).map(({ headers }) => headers['message-id']),
})

/** Everything there is of one attachment. How the mailbox tells one mail from another: a worker that dies right behind the sending sends it once more. */
const lookAt = async (world: AttachmentWorld, id: string, { alerts, messageIds }: Told) => {
  const { state, attempt } = await world.row(id)
  const audit = await world.database.superuser.query<{ action: string; count: number }>(
    'select action, count(*)::int as count from audit_entries where target = $1 group by action',
    [id],
  )
  return {
    state,
    attempt,
    audit: Object.fromEntries(audit.rows.map(({ action, count }) => [action, count])),
    alerts: [...new Set(alerts.filter(({ said }) => said.includes(id)).map(({ dedupKey }) => dedupKey))],
    notices: new Set(messageIds.filter((messageId) => messageId.includes(id))).size,
  }
}

/**
 * Checks that an attachment is where it should be, and that everybody heard of it once. One mail is one Message-ID: where a worker dies, or is taken
 * for dead, between the sending and the server's knowing of it, no program can send once.
 */
const expectEnded = async (world: AttachmentWorld, { id, ending, point }: Settled, told: Told): Promise<void> => {
  const { state, attempt = 1, isAlerted = false, isToldToUploader = false, audit, kept } = ending
  const found = await lookAt(world, id, told)
  const isLost = point !== null && ending.isLostAt?.(point) === true
  expect(found).toEqual({
    state,
    attempt,
    audit: audit ?? found.audit,
    alerts: isAlerted === false || isLost ? [] : [isAlerted === true ? `attachment-infected:${id}` : isAlerted],
    notices: isToldToUploader ? 1 : 0,
  })
  if (kept === undefined) return
  const { clean_key: cleanKey, quarantine_key: quarantineKey, district_id: districtId } = await world.row(id)
  const key = present(kept === 'clean' ? cleanKey : quarantineKey)
  const ofDistrict = { ...world, channel: { ...world.channel, districtId } }
  expect((await openStored(ofDistrict, kept, key)).plaintext.length).toBeGreaterThan(0)
}

/** Checks that nothing lies anywhere in a world but what these attachments are to leave. */
const expectNothingElse = async (world: AttachmentWorld, settled: readonly Settled[]): Promise<void> => {
  const rows = []
  for (const { id, ending, point } of settled) rows.push({ ...(await world.row(id)), ending, point })
  const clean = rows.flatMap(({ ending, clean_key: key }) => (ending.kept === 'clean' ? [present(key)] : []))
  const quarantine = rows.flatMap(({ ending, quarantine_key: key }) => (ending.kept === 'quarantine' ? [present(key)] : []))
  // What was found in a file stays known when the file is taken back, unless nobody knows it; the test virus is another one every time.
  const bad = rows.flatMap(({ state, district_id: districtId, sha256, ending, point }) =>
    districtId !== operationsDistrictId && (state === 'quarantined' || (ending.isHashKept && !(point && ending.isLostAt?.(point))))
      ? [present(sha256).toString('hex')]
      : [],
  )
  expect(await lookAround(world)).toEqual({
    incoming: [],
    clean: clean.toSorted(),
    quarantine: quarantine.toSorted(),
    keys: [...clean, ...quarantine].toSorted(),
    halfDone: 0,
    outbox: { waiting: 0, stale: 0 },
    idempotencyKeys: settled.reduce((sum, { ending }) => sum + (ending.idempotencyKeys ?? 0), 0),
    badHashes: [...new Set(bad)].toSorted(),
  })
}

const findUnsettled: Settling['findUnsettled'] = async (world, settled) => {
  await repair(world)
  const told = await lookAtTold(world)
  const wrong: { id: string | null; error: unknown }[] = []
  for (const one of settled) await expectEnded(world, one, told).catch((error: unknown) => wrong.push({ id: one.id, error }))
  await expectNothingElse(world, settled).catch((error: unknown) => wrong.push({ id: null, error }))
  return wrong
}

const clear: Settling['clear'] = async (world) => {
  await world.database.superuser.query(
    'truncate attachments, outbox, idempotency_keys, keys.object_keys, bad_hashes, open_alerts, user_upload_usage, district_upload_usage cascade',
  )
  for (const role of ['incoming', 'clean', 'quarantine'] as const)
    for (const key of new Set(await objectKeysIn(world, role))) await world.buckets.seen[role].deleteAllVersions(key)
}

/** Of attachments: each is where it should be, everybody heard of it once, and nothing else lies anywhere. */
export const settlingAttachments: Settling = { findUnsettled, clear }
