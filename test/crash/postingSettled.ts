import type { Client } from '@temporalio/client'
import type pg from 'pg'
import { notifyPersonId } from '../../workflows/contract.ts'
import type { Ear } from './openEar.ts'
import type { Written } from './writers.ts'

type Person = 'teacher' | 'student'

/** What an open client of this person has to have heard of it, and how often; `null`: once or never, since it was gone before it was told. */
const toHeard = ({ kind, id, state }: Written, person: Person): [string, number | null][] => {
  const isReadBy = state === 'shown' || (state === 'hidden' && person === 'teacher')
  const posted: [string, number | null] = [`${kind}.posted ${id}`, isReadBy ? 1 : null]
  return state === 'shown' ? [posted] : [posted, [`${kind}.${state} ${id}`, 1]]
}

/** Where what was heard differs from what was to be heard, in words; what is missing may yet come. */
export const findUnheard = (written: readonly Written[], person: Person, ear: Ear): string[] =>
  written.flatMap((one) =>
    toHeard(one, person).flatMap(([key, times]) => {
      const heard = ear.heard.get(key) ?? 0
      const isRight = times === null ? heard <= 1 : heard === times
      return isRight ? [] : [`the ${person} heard ${heard} times: ${key}, which was ${one.state} in the end`]
    }),
  )

/** Everything in the channel and the section, by id: `seq`, and whose notices it made. */
const findRows = async (client: pg.Client) => {
  const { rows } = await client.query<{ id: string; seq: number; noticed: string[] }>(
    `select m.id, m.seq, array(select n.user_id::text from notices n where n.kind = 'message' and n.subject_id = m.id) as noticed from messages m
     union all select n.id, n.seq, '{}' from announcements n`,
  )
  return rows
}

export type Places = { teacherId: string; studentId: string }

/**
 * Where the rows differ from what was acknowledged: everything is there once, nothing else is, each line in its order and numbered without a gap, and each message made one notice, for the
 * one to whom it was written.
 */
export const findMisplaced = async (
  client: pg.Client,
  written: readonly Written[],
  { teacherId, studentId }: Places,
): Promise<string[]> => {
  const rows = await findRows(client)
  const byId = Map.groupBy(rows, ({ id }) => id)
  const known = new Set(written.map(({ id }) => id))
  const wrong = rows.flatMap(({ id }) => (known.has(id) ? [] : [`nobody was told that ${id} is posted`]))
  const lastSeqs = new Map<number, number>()
  for (const { id, kind, by, line } of written) {
    const [row, ...doubles] = byId.get(id) ?? []
    if (row === undefined) wrong.push(`lost: ${kind} ${id}`)
    if (doubles.length > 0) wrong.push(`doubled: ${kind} ${id}`)
    const reader = by === 'teacher' ? studentId : teacherId
    if (kind === 'message' && row?.noticed.join() !== reader)
      wrong.push(`noticed by ${JSON.stringify(row?.noticed)} instead of ${reader}: ${id}`)
    if ((row?.seq ?? Infinity) <= (lastSeqs.get(line) ?? 0)) wrong.push(`out of its order: ${kind} ${id}`)
    lastSeqs.set(line, row?.seq ?? 0)
  }
  for (const kind of ['message', 'announcement']) {
    const seqs = written.flatMap((one) => (one.kind === kind ? (byId.get(one.id) ?? []) : [])).map(({ seq }) => seq)
    if (Math.max(0, ...seqs) !== seqs.length) wrong.push(`${seqs.length} of kind ${kind} are numbered up to ${Math.max(0, ...seqs)}`)
  }
  return wrong
}

const isThere = (client: Client, workflowId: string): Promise<boolean> =>
  client.workflow
    .getHandle(workflowId)
    .describe()
    .then(
      () => true,
      () => false,
    )

/** Runs that were asked for and that nobody sees to: neither is their start waiting, nor does Temporal know them. And people who have something new, for whom no run was asked. */
export const findForgottenRuns = async (client: pg.Client, temporal: Client): Promise<string[]> => {
  const { rows: outbox } = await client.query<{ workflowId: string; isWaiting: boolean }>(
    `select workflow_id as "workflowId", started_at is null as "isWaiting" from outbox`,
  )
  const { rows: batches } = await client.query<{ userId: string; batch: number }>(
    `select user_id as "userId", batch from notice_batches where is_open`,
  )
  const { rows: announcements } = await client.query<{ id: string }>('select id from announcements')
  const asked = new Set(outbox.map(({ workflowId }) => workflowId))
  const wrong = batches.map(notifyPersonId).flatMap((id) => (asked.has(id) ? [] : [`never asked for: ${id}`]))
  for (const { id } of announcements)
    if (![...asked].some((workflowId) => workflowId.includes(id))) wrong.push(`no run was asked for of announcement ${id}`)
  for (const { workflowId, isWaiting } of outbox)
    if (!isWaiting && !(await isThere(temporal, workflowId))) wrong.push(`said to be started, and unknown to Temporal: ${workflowId}`)
  return wrong
}
