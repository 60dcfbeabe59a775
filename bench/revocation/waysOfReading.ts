import type { ApiClient } from '../../api/client.ts'
import { showsMissed } from './showsMissed.ts'

/** Somebody who is signed in. */
export type SignedIn = { client: ApiClient; token: string }

/** What was said since the id of an event stream: not so long ago that there is too much to be told one by one. */
export type Missed = { sinceId: string; messageId: string; announcementId: string }

/** Who reads what a relation gives them, and what there is to read: a teacher, and others who read by the same relation. */
export type Reader = SignedIn & {
  apiUrl: string
  student: SignedIn
  /** Another teacher of the section, who reads along. */
  along: SignedIn
  channelId: string
  /** The teacher's, in the channel. */
  messageId: string
  /** What the teacher said to the section that connects them. */
  announcementId: string
  sectionId: string
  /** What an event stream of the student's that is taken up again tells of. */
  missed: Missed
  /** The other person of the conversation. */
  partnerId: string
  /** A clean file in it. */
  attachmentId: string
}

/**
 * A way to read, one request: true when it showed something of the conversation. `last` of its answers has come when it resolves, so what was shown was shown
 * before. A feature that adds a way to read adds its row here.
 */
export type WayOfReading = { name: string; read: (reader: Reader) => Promise<boolean> }

/** The status, with the body taken to its end. */
const statusOf = async (answer: { status: number; arrayBuffer(): Promise<ArrayBuffer> }): Promise<number> => {
  await answer.arrayBuffer()
  return answer.status
}

/** Of a text that somebody reads there is a translation, or there will be one, or they are told why not; whoever does not read it is told that there is nothing. */
const showsTranslation = async (answer: { status: number; arrayBuffer(): Promise<ArrayBuffer> }): Promise<boolean> =>
  [200, 202, 409, 503].includes(await statusOf(answer))

const bearer = ({ token }: SignedIn): { Authorization: string } => ({ Authorization: `Bearer ${token}` })

/** The first event of a stream, which says the state; then nobody listens any more. */
const showsState = async (reader: Reader): Promise<boolean> => {
  const answer = await fetch(`${reader.apiUrl}/v1/attachments/${reader.attachmentId}/events`, { headers: bearer(reader) })
  return (await answer.text()).includes('event: state')
}

export const waysOfReading: readonly WayOfReading[] = [
  {
    name: 'conversations',
    read: async ({ client, channelId }) => {
      const answer = await client.v1.channels.$get({ query: { limit: '50' } })
      return answer.status === 200 && (await answer.json()).items.some(({ id }) => id === channelId)
    },
  },
  {
    name: 'conversation',
    read: async ({ client, channelId }) => (await statusOf(await client.v1.channels[':id'].$get({ param: { id: channelId } }))) === 200,
  },
  {
    name: 'contacts',
    read: async ({ client, partnerId }) => {
      const answer = await client.v1.contacts.$get({ query: { limit: '50' } })
      return answer.status === 200 && (await answer.json()).items.some(({ participant }) => participant.id === partnerId)
    },
  },
  {
    name: 'messages',
    read: async ({ client, channelId }) =>
      (await statusOf(await client.v1.channels[':id'].messages.$get({ param: { id: channelId }, query: { limit: '20' } }))) === 200,
  },
  {
    name: 'message',
    // Showing what is shown changes nothing, and answers the message.
    read: async ({ client, messageId }) =>
      (await statusOf(await client.v1.messages[':id'].unhide.$post({ param: { id: messageId } }))) === 200,
  },
  {
    name: 'message_translation',
    read: async ({ client, messageId }) =>
      showsTranslation(await client.v1.messages[':id'].translations.$post({ param: { id: messageId }, json: { language: 'es' } })),
  },
  {
    name: 'attachments',
    read: async ({ client, channelId }) =>
      (await statusOf(await client.v1.channels[':id'].attachments.$get({ param: { id: channelId }, query: { limit: '20' } }))) === 200,
  },
  {
    name: 'attachment',
    read: async ({ client, attachmentId }) =>
      (await statusOf(await client.v1.attachments[':id'].$get({ param: { id: attachmentId } }))) === 200,
  },
  {
    name: 'download',
    read: async (reader) => {
      const headers = { ...bearer(reader), Range: 'bytes=0-4095' }
      return (await statusOf(await fetch(`${reader.apiUrl}/v1/attachments/${reader.attachmentId}/content`, { headers }))) === 206
    },
  },
  { name: 'attachment_events', read: showsState },
  {
    name: 'upload_ticket',
    read: async ({ client, channelId }) => {
      const json = { fileName: 'bench.txt', contentType: 'text/plain', bytes: 1 }
      return (await statusOf(await client.v1.channels[':id'].attachments.$post({ param: { id: channelId }, json, header: {} }))) === 201
    },
  },
  {
    name: 'announcements',
    read: async ({ student, missed }) => {
      const answer = await student.client.v1.announcements.$get({ query: { limit: '50' } })
      return answer.status === 200 && (await answer.json()).items.some(({ id }) => id === missed.announcementId)
    },
  },
  {
    name: 'section_announcements',
    read: async ({ student, sectionId }) =>
      (await statusOf(await student.client.v1.sections[':id'].announcements.$get({ param: { id: sectionId }, query: { limit: '20' } }))) ===
      200,
  },
  {
    name: 'announcement_translation',
    read: async ({ student, announcementId }) =>
      showsTranslation(
        await student.client.v1.announcements[':id'].translations.$post({ param: { id: announcementId }, json: { language: 'es' } }),
      ),
  },
  {
    name: 'announcement',
    read: async ({ student, announcementId }) =>
      (await statusOf(await student.client.v1.announcements[':id'].$get({ param: { id: announcementId } }))) === 200,
  },
  {
    name: 'notices',
    // Of what was said last: what was said first is not on the first page any more after some rounds.
    read: async ({ student, missed }) => {
      const answer = await student.client.v1.notices.$get({ query: { limit: '50' } })
      return answer.status === 200 && (await answer.json()).items.some(({ subjectId }) => subjectId === missed.messageId)
    },
  },
  {
    name: 'message_events',
    read: ({ apiUrl, student, missed }) => showsMissed({ apiUrl, ...student, sinceId: missed.sinceId, subjectId: missed.messageId }),
  },
  {
    name: 'announcement_events',
    read: ({ apiUrl, student, missed }) => showsMissed({ apiUrl, ...student, sinceId: missed.sinceId, subjectId: missed.announcementId }),
  },
  {
    name: 'along_conversations',
    read: async ({ along, channelId }) => {
      const answer = await along.client.v1.channels.$get({ query: { limit: '50' } })
      return answer.status === 200 && (await answer.json()).items.some(({ id }) => id === channelId)
    },
  },
  {
    name: 'along_messages',
    read: async ({ along, channelId }) =>
      (await statusOf(await along.client.v1.channels[':id'].messages.$get({ param: { id: channelId }, query: { limit: '20' } }))) === 200,
  },
  {
    name: 'along_attachment',
    read: async ({ along, attachmentId }) =>
      (await statusOf(await along.client.v1.attachments[':id'].$get({ param: { id: attachmentId } }))) === 200,
  },
]
