import { createClient, type ApiClient } from '../../api/client.ts'
import type { WrittenFile } from '../corpus/writeCorpus.ts'
import type { OpenDistrict } from '../district/openSampleDistricts.ts'
import type { Party } from '../scenario/openConversations.ts'
import { sendFile } from '../scenario/sendFile.ts'
import { findSinglePair, type SinglePair } from './findSinglePair.ts'

/** A teacher and a student who write to each other, with a file of the student's between them. */
export type OpenPair = SinglePair & {
  teacherId: string
  studentId: string
  clients: { teacher: Party; student: Party }
  channelId: string
  /** The teacher reads the conversation and downloads the file, the student reads the conversation: the answers' HTTP status, in this order. */
  read(): Promise<string>
}

/** What `read` answers while the two are connected, and once they are not. */
export const openReads = '200, 200, 200'
export const shutReads = '404, 404, 404'

const openParty = async (api: string, { signIn }: OpenDistrict, sourcedId: string): Promise<Party> => {
  const client = createClient(api, await signIn(sourcedId))
  const me = await client.v1.me.$get({})
  if (me.status !== 200) throw new Error(`a person of the sample district is not known: HTTP ${me.status}`)
  return { userId: (await me.json()).id, client }
}

/** Opens their conversation, and lets the student send a file there. @throws when the roster has no such pair, or a server refuses. */
export const openPair = async (
  api: string,
  district: OpenDistrict,
  { file, signal, patienceMs }: { file: WrittenFile; signal: AbortSignal; patienceMs: number },
): Promise<OpenPair> => {
  const pair = findSinglePair(district.rows)
  if (pair === null) throw new Error('in the sample district nobody is connected by one section alone')
  const teacher = await openParty(api, district, pair.teacher.sourcedId)
  const student = await openParty(api, district, pair.student.sourcedId)
  const opened = await teacher.client.v1.channels.$post({ json: { studentId: student.userId }, header: {} })
  if (opened.status !== 201) throw new Error(`a teacher could not open a conversation: HTTP ${opened.status}`)
  const { id } = await opened.json()
  const conversation = { channelId: id, teacher, participant: { ...student, role: 'student' as const } }
  const { attachmentId, state } = await sendFile(file, { conversation, patienceMs, signal, moved: () => undefined })
  if (attachmentId === null || state !== 'clean') throw new Error(`a harmless file ended as ${state}`)
  const readMessages = ({ client }: { client: ApiClient }): Promise<Response> =>
    client.v1.channels[':id'].messages.$get({ param: { id }, query: {} })
  return {
    ...pair,
    teacherId: teacher.userId,
    clients: { teacher, student },
    channelId: id,
    studentId: student.userId,
    read: async () => {
      const answers = await Promise.all([
        readMessages(teacher),
        teacher.client.v1.attachments[':id'].content.$get({ param: { id: attachmentId } }),
        readMessages(student),
      ])
      await Promise.all(answers.map((answer) => answer.arrayBuffer()))
      return answers.map(({ status }) => status).join(', ')
    },
  }
}
