import { v7 as newId } from 'uuid'
import type { ApiDeps } from '../../api/apiDeps.ts'
import { acrossDistricts } from '../../db/openDatabase.ts'
import { findEventCursor } from '../../db/queries/listNewEvents.ts'
import { recipientKinds, type RecipientKind } from '../../domain/announcement.ts'
import { toEventId } from '../../domain/eventCursor.ts'
import type { EventKind } from '../../domain/eventKinds.ts'
import { decideReach, type Channel } from '../../domain/roster/decideReach.ts'
import { messageStates, type MessageState } from '../../domain/shownMessage.ts'
import { withCanary } from '../support/canary.ts'
import type { TestDatabase } from '../support/database.ts'
import type { LoadedWorld } from './loadWorld.ts'
import { schoolYear } from './world.ts'

export type SeededChannelOf = Channel & { id: string }
export type SeededMessage = { id: string; channel: SeededChannelOf; seq: number; authorId: string; state: MessageState }
export type SeededAnnouncement = {
  id: string
  sectionId: string
  authorId: string
  recipients: RecipientKind
  seq: number
  state: MessageState
}
/** Something that happened, of which open clients may hear. `subject`: what it happened to, where that decides. */
export type SeededEvent = { id: string; kind: EventKind; subjectId: string | null } & (
  | { in: 'channel'; channel: SeededChannelOf; message: SeededMessage | null }
  | { in: 'section'; announcement: SeededAnnouncement }
  | { in: 'person'; userId: string }
)
export type SeededNotice = { userId: string; message: SeededMessage }
/** A permission to audit that holds, that is over, or that is to begin. */
export type SeededGrant = { userId: string; holds: 'now' | 'no-more' | 'not-yet' }

/** What people of a random roster wrote while it was another one, or would have. */
export type Contents = {
  channels: SeededChannelOf[]
  messages: SeededMessage[]
  announcements: SeededAnnouncement[]
  events: SeededEvent[]
  notices: SeededNotice[]
  grants: SeededGrant[]
  /** For whom a guardian refuses translations. Of every text there is one, into a language that everybody prefers and nobody writes. */
  refused: ReadonlySet<string>
  /** The id of an event stream from before anything happened. */
  sinceId: string
}

type Random = () => number

/** Those whom the roster connects, or once did, or does otherwise: the rest are strangers, of whom there are enough in each of these. */
const channelsAtMost = 16

const pickChannels = ({ facts, people }: LoadedWorld, random: Random): SeededChannelOf[] => {
  const ways = people.flatMap((one) => people.flatMap((other) => decideReach(facts, { actorId: one, targetId: other }).ways))
  const shuffled = ways.map((way) => ({ way, at: random() })).toSorted((one, other) => one.at - other.at)
  const channels = shuffled.map(({ way: { teacherId, participantId, studentId, faults } }, place) => ({
    // Mostly of this year.
    channel: { id: newId(), teacherId, participantId, studentId, schoolYear: place % 8 === 7 ? schoolYear + 1 : schoolYear },
    isOpen: faults.length === 0,
  }))
  const keyOf = ({ channel }: (typeof channels)[number]): string => Object.values({ ...channel, id: '' }).join()
  const once = [...new Map(channels.map((one) => [keyOf(one), one])).values()]
  const [open, ended] = [once.filter(({ isOpen }) => isOpen), once.filter(({ isOpen }) => !isOpen)]
  return [...open.slice(0, (channelsAtMost * 3) / 4), ...ended.slice(0, channelsAtMost / 4)].map(({ channel }) => channel)
}

/** Of both, one in each state. */
const toMessages = (channel: SeededChannelOf): SeededMessage[] =>
  messageStates.flatMap((state, place) =>
    [channel.teacherId, channel.participantId].map((authorId, by) => ({ id: newId(), channel, seq: 2 * place + by + 1, authorId, state })),
  )

/** In each section, of those who ever taught there and of one who never did: of each kind, and one in each state. */
const toAnnouncements = ({ facts, people }: LoadedWorld, random: Random): SeededAnnouncement[] =>
  facts.sections.flatMap(({ id: sectionId }) => {
    const taught = facts.enrollments.filter((row) => row.sectionId === sectionId && row.role === 'teacher').map(({ userId }) => userId)
    const authors = [...new Set([...taught.slice(0, 2), ...people.slice(0, 1)])]
    return authors
      .flatMap((authorId) => recipientKinds.map((recipients) => ({ authorId, recipients })))
      .map((one, place) => ({ id: newId(), sectionId, seq: place + 1, state: messageStates[Math.floor(random() * 3)] ?? 'shown', ...one }))
  })

const toChannelEvents = (channel: SeededChannelOf, messages: readonly SeededMessage[]): SeededEvent[] => {
  const at = (kind: EventKind, subjectId: string | null, message: SeededMessage | null = null): SeededEvent => ({
    id: newId(),
    in: 'channel',
    channel,
    kind,
    subjectId,
    message,
  })
  return [
    at('channel.opened', null),
    at('channel.read', channel.teacherId),
    at('channel.read', channel.participantId),
    at('channel.ended', null),
    ...messages.flatMap((message) => [
      at('message.posted', message.id, message),
      at('message.translated', message.id, message),
      ...(message.state === 'shown' ? [] : [at(`message.${message.state}`, message.id, message)]),
    ]),
  ]
}

const toSectionEvents = (announcement: SeededAnnouncement): SeededEvent[] =>
  [
    'announcement.posted' as const,
    'announcement.translated' as const,
    ...(announcement.state === 'shown' ? [] : [`announcement.${announcement.state}` as const]),
  ].map((kind) => ({ id: newId(), in: 'section', kind, subjectId: announcement.id, announcement }))

const grantStates = ['now', 'now', 'no-more', 'not-yet'] as const
/** Of all the people: who has no permission is met too. */
const grantedPart = 2 / 3

const insertEvery = async (
  { superuser }: TestDatabase,
  districtId: string,
  table: string,
  columns: string,
  rows: readonly object[],
  expressions: Record<string, string> = {},
): Promise<void> => {
  const names = columns.split(',').map((column) => column.trim().split(' ')[0] ?? '')
  const values = [...names.map((name) => `row.${name}`), ...Object.values(expressions)]
  await superuser.query(
    `insert into ${table} (district_id, ${[...names, ...Object.keys(expressions)].join(', ')})
     select $1, ${values.join(', ')} from jsonb_to_recordset($2::jsonb) as row(${columns})`,
    [districtId, JSON.stringify(rows)],
  )
}

const toFate = ({ state }: { state: MessageState }, hiddenBy: string) => ({
  hidden_at: state === 'hidden' ? '2026-01-01T00:00:00Z' : null,
  hidden_by: state === 'hidden' ? hiddenBy : null,
  withdrawn_at: state === 'withdrawn' ? '2026-01-01T00:00:00Z' : null,
  withdrawn_after_readers: state === 'withdrawn' ? 0 : null,
})
const fate = 'hidden_at timestamptz, hidden_by uuid, withdrawn_at timestamptz, withdrawn_after_readers int'

/** Writes it as superuser and in bulk: whether anybody could have is not asked here. */
export const fillContents = async (
  database: TestDatabase,
  deps: Pick<ApiDeps, 'auth' | 'districtKeys'>,
  world: LoadedWorld,
  random: Random,
): Promise<Contents> => {
  const { districtId, people } = world
  const sinceId = toEventId(await acrossDistricts(deps.auth, findEventCursor))
  const channels = pickChannels(world, random)
  const messages = channels.flatMap(toMessages)
  const announcements = toAnnouncements(world, random)
  const events: SeededEvent[] = [
    ...channels.flatMap((channel) =>
      toChannelEvents(
        channel,
        messages.filter((message) => message.channel === channel),
      ),
    ),
    ...announcements.flatMap(toSectionEvents),
    ...people.map((userId): SeededEvent => ({ id: newId(), in: 'person', kind: 'notice.seen', userId, subjectId: newId() })),
  ]
  // For both, the author too, and for somebody whom it does not concern: what is shown is decided when it is.
  const notices = messages.flatMap((message, place): SeededNotice[] => [
    { userId: message.channel.teacherId, message },
    ...(message.channel.participantId === message.channel.teacherId ? [] : [{ userId: message.channel.participantId, message }]),
    ...people
      .slice(place % people.length, (place % people.length) + 1)
      .flatMap((userId) => ([message.channel.teacherId, message.channel.participantId].includes(userId) ? [] : [{ userId, message }])),
  ])
  const grants = people
    .map((userId) => ({ userId, at: random() }))
    .toSorted((one, other) => one.at - other.at)
    .slice(0, people.length * grantedPart)
    .map(({ userId }, place): SeededGrant => ({ userId, holds: grantStates[place % grantStates.length] ?? 'now' }))
  const cipher = await deps.districtKeys.forDistrict(districtId)
  const seal = (table: string, id: string) =>
    `\\x${cipher.sealText({ table, rowId: id, column: 'body' }, withCanary('written')).toString('hex')}`
  const insert = (...given: [string, string, readonly object[], Record<string, string>?]) => insertEvery(database, districtId, ...given)

  await insert(
    'channels',
    'id uuid, teacher_id uuid, participant_id uuid, student_id uuid, school_year int, last_seq int',
    channels.map((one) => ({
      id: one.id,
      teacher_id: one.teacherId,
      participant_id: one.participantId,
      student_id: one.studentId,
      school_year: one.schoolYear,
      last_seq: 2 * messageStates.length,
    })),
    { last_message_at: 'now()' },
  )
  await insert(
    'messages',
    `id uuid, channel_id uuid, seq int, author_id uuid, body bytea, ${fate}`,
    messages.map((one) => ({
      id: one.id,
      channel_id: one.channel.id,
      seq: one.seq,
      author_id: one.authorId,
      body: seal('messages', one.id),
      ...toFate(one, one.channel.teacherId),
    })),
    { created_at: 'now()' },
  )
  await insert(
    'announcements',
    `id uuid, section_id uuid, seq int, author_id uuid, recipients text, body bytea, ${fate}`,
    announcements.map((one) => ({
      id: one.id,
      section_id: one.sectionId,
      seq: one.seq,
      author_id: one.authorId,
      recipients: one.recipients,
      body: seal('announcements', one.id),
      ...toFate(one, one.authorId),
    })),
    { roster_version: '1', day: 'current_date', has_guardians: 'true', created_at: 'now()' },
  )
  await insert(
    'events',
    'id uuid, kind text, channel_id uuid, section_id uuid, user_id uuid, subject_id uuid',
    events.map((one) => ({
      id: one.id,
      kind: one.kind,
      channel_id: one.in === 'channel' ? one.channel.id : null,
      section_id: one.in === 'section' ? one.announcement.sectionId : null,
      user_id: one.in === 'person' ? one.userId : null,
      subject_id: one.subjectId,
    })),
    { xact: 'pg_current_xact_id()::text::bigint', created_at: 'now()' },
  )
  await insert(
    'notices',
    'id uuid, user_id uuid, channel_id uuid, subject_id uuid',
    notices.map(({ userId, message }) => ({ id: newId(), user_id: userId, channel_id: message.channel.id, subject_id: message.id })),
    { kind: `'message'`, batch: '1', created_at: 'now()' },
  )
  await insert(
    'grants',
    'id uuid, user_id uuid, author_id uuid, begins timestamptz, ends timestamptz',
    grants.map(({ userId, holds }) => ({
      id: newId(),
      user_id: userId,
      author_id: world.administratorId,
      begins: holds === 'not-yet' ? '2999-01-01T00:00:00Z' : '2001-01-01T00:00:00Z',
      ends: holds === 'no-more' ? '2002-01-01T00:00:00Z' : null,
    })),
    { permission: `'audit'` },
  )
  await database.superuser.query(`update users set preferred_language = 'fr' where district_id = $1`, [districtId])
  const toTranslation = (text: { message_id: string } | { announcement_id: string }) => {
    const id = newId()
    return { id, ...text, body: seal('translations', id) }
  }
  await insert(
    'translations',
    'id uuid, message_id uuid, announcement_id uuid, body bytea',
    [
      ...messages.map(({ id }) => toTranslation({ message_id: id })),
      ...announcements.map(({ id }) => toTranslation({ announcement_id: id })),
    ],
    {
      language: `'fr'`,
      source_language: `'en'`,
      state: `'done'`,
      provider: `'a translator'`,
      characters: '7',
      created_at: 'now()',
      asked_at: 'now()',
      finished_at: 'now()',
    },
  )
  const students = [...new Set(channels.map(({ studentId }) => studentId))]
  const refused = new Set(students.filter(() => random() < 0.25))
  await insert(
    'translation_refusals',
    'student_id uuid, guardian_id uuid',
    [...refused].map((student_id) => ({ student_id, guardian_id: people[0] })),
  )
  return { refused, channels, messages, announcements, events, notices, grants, sinceId }
}
