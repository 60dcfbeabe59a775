import type { AttachmentWorld } from '../support/attachmentWorld.ts'
import { alertsIn, mailsIn, smsIn, type SeenAlert, type SeenMail, type SeenSms } from '../support/sinks.ts'

type World = Pick<AttachmentWorld, 'database' | 'buckets'>

/** Everything there is of a district, in words that are the same for two districts to which the same happened: of ids what they stand for, of times only that there is one. */
export type DistrictDump = {
  syncs: string[]
  rows: Record<string, string[]>
  /** Which alerts were raised about it, and what was done with each. */
  alerts: string[]
  /** Who was written to about what: a mail that was sent twice is one. */
  mails: string[]
  /** The same of text messages, which a death may send twice. */
  texts: string[]
  /** The names of its objects in the bucket of rosters. */
  objects: string[]
}

/** What the feeds name; the same in every district. */
const named = ['schools', 'terms', 'courses', 'sections', 'users', 'org_roles'] as const
/** One row for each interval. */
const intervals = ['enrollments', 'guardianships'] as const
/** Made in an order that is the same every time; their ids grow with it. */
const ordered = [
  'announcements',
  'roster_syncs',
  'roster_pulls',
  'channels',
  'attachments',
  'sessions',
  'grants',
  'reports',
  'translations',
] as const

const dumped = [
  ...named,
  ...intervals,
  ...ordered,
  'section_terms',
  'agent_links',
  'suspensions',
  'roster_versions',
  'roster_changes',
  'roster_sources',
  'roster_watermarks',
  'roster_sync_counts',
  'access_endings',
  'access_notices',
  'roster_settlements',
  'school_year_ends',
  'school_year_notices',
  'notice_batches',
  'notices',
  'notice_settings',
  'translation_usage',
] as const

const perTable: Readonly<Record<string, string>> = {
  districts: 'select roster_version, roster_late_told_at from districts where id = $1',
  outbox: 'select workflow_type, workflow_id, task_queue is not null as queued, input, started_at from outbox where district_id = $1',
  audit_entries: 'select actor_kind, action, target_kind, target, reason, details from audit_entries where district_id = $1',
}

const uuid = /[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}/g
const time = /\d{4}-\d\d-\d\d[T ]\d\d:\d\d:\d\d[^"]*/g
/** Over ids, which are made up. */
const hashes = /\b[0-9a-f]{64}\b/g
const bytes = /\\\\x[0-9a-f]*/g
/** The store makes up the one, and the other is of a compressed text in which ids stand. */
const versions = /("object_version_id":)"[^"]+"/g
const sizes = /("bytes":)\d+/g

const readRows = async ({ database }: World, districtId: string, text: string): Promise<Record<string, unknown>[]> =>
  (await database.superuser.query<{ row: Record<string, unknown> }>(`select to_jsonb(t) as row from (${text}) t`, [districtId])).rows.map(
    ({ row }) => row,
  )

/** What each id of a district stands for. */
const labelIds = async (world: World, districtId: string): Promise<Map<string, string>> => {
  const labels = new Map([[districtId, '<district>']])
  for (const table of named)
    for (const { id, sourced_id: sourcedId } of await readRows(
      world,
      districtId,
      `select id, sourced_id from ${table} where district_id = $1`,
    ))
      labels.set(String(id), `<${table} ${String(sourcedId)}>`)
  for (const table of intervals)
    for (const row of await readRows(world, districtId, `select * from ${table} where district_id = $1`)) {
      const of =
        table === 'enrollments' ? row['sourced_id'] : [row['guardian_id'], row['student_id']].map((id) => labels.get(String(id))).join('+')
      labels.set(String(row['id']), `<${table} ${String(of)} since ${String(row['since_version'])}>`)
    }
  for (const table of ordered)
    for (const [index, { id }] of (
      await readRows(world, districtId, `select id from ${table} where district_id = $1 order by id`)
    ).entries())
      labels.set(String(id), `<${table} ${index + 1}>`)
  return labels
}

/** Whatever was sent to anybody. */
export type Told = { alerts: readonly SeenAlert[]; mails: readonly SeenMail[]; texts: readonly SeenSms[] }

export const lookAtTold = async (): Promise<Told> => ({ alerts: await alertsIn(), mails: await mailsIn(), texts: await smsIn() })

/** A list of ids that are random has a random order: what the ids stand for is the same every time. */
const idList = /\[("<[^"]+>"(?:,"<[^"]+>")+)\]/g
const sortList = (_: string, list: string): string => `[${list.split(',').toSorted().join()}]`

const once = (texts: readonly string[]): string[] => [...new Set(texts)].toSorted()

export const dumpDistrict = async (world: World, districtId: string, told: Told): Promise<DistrictDump> => {
  const labels = await labelIds(world, districtId)
  const toWords = (text: string): string =>
    text
      .replaceAll(uuid, (id) => labels.get(id) ?? '<id>')
      .replaceAll(versions, '$1"<version>"')
      .replaceAll(sizes, '$1"<bytes>"')
      .replaceAll(time, '<time>')
      .replaceAll(bytes, '<bytes>')
      .replaceAll(hashes, '<hash>')
      .replaceAll(idList, sortList)
  const queries = { ...Object.fromEntries(dumped.map((table) => [table, `select * from ${table} where district_id = $1`])), ...perTable }
  const rows: Record<string, string[]> = {}
  for (const [table, text] of Object.entries(queries))
    rows[table] = (await readRows(world, districtId, text)).map((row) => toWords(JSON.stringify(row))).toSorted()
  const syncs = await readRows(world, districtId, 'select state from roster_syncs where district_id = $1 order by id')
  const ids = [...labels.keys()]
  const isOf = (text: string): boolean => ids.some((id) => text.includes(id))
  const alerts = told.alerts.filter(({ dedup_key: key }) => isOf(key))
  const mails = told.mails.map(({ headers }) => headers['message-id']).filter(isOf)
  const texts = told.texts.flatMap(({ id }) => (id !== null && isOf(id) ? [id] : []))
  const objects = (await world.buckets.listAll('roster')).map(({ key }) => key).filter((key) => key.includes(districtId))
  return {
    syncs: syncs.map(({ state }) => String(state)),
    rows,
    alerts: once(alerts.map((alert) => `${toWords(alert.dedup_key)} ${alert.event_action}`)),
    mails: once(mails.map((messageId) => toWords(messageId.replace(/@.*/, '')))),
    texts: once(texts.map(toWords)),
    objects: once(objects.map(toWords)),
  }
}
