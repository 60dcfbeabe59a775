import { createClient, type ApiClient } from '../../api/client.ts'

export type Party = { userId: string; client: ApiClient }
export type Conversation = { channelId: string; teacher: Party; participant: Party & { role: 'student' | 'guardian' } }

/** Answers the bearer token of a session of this person, by our id or the district's. */
export type SignIn = (user: string) => Promise<string>

const openWith = async (api: string, signIn: SignIn, teacher: Party, contact: Contact): Promise<Conversation> => {
  const { participant, student } = contact
  const json = participant.role === 'guardian' ? { studentId: student.id, guardianId: participant.id } : { studentId: student.id }
  const answer = await teacher.client.v1.channels.$post({ json, header: {} })
  if (answer.status !== 201) throw new Error(`a teacher could not open a conversation: HTTP ${answer.status}`)
  const channel = await answer.json()
  const client = createClient(api, await signIn(participant.id))
  const role = participant.role === 'guardian' ? 'guardian' : 'student'
  return { channelId: channel.id, teacher, participant: { userId: participant.id, client, role } }
}

type Contact = { participant: { id: string; role: string }; student: { id: string } }

/**
 * Each teacher signs in, asks whom they may write with, and opens a conversation with a student and one with a guardian
 * about a student. @throws when the roster gives a teacher nobody of the kind, or the API refuses.
 */
export const openConversations = async (api: string, signIn: SignIn, teacherIds: readonly string[]): Promise<Conversation[]> => {
  const conversations: Conversation[] = []
  for (const teacherId of teacherIds) {
    const teacher = { userId: teacherId, client: createClient(api, await signIn(teacherId)) }
    const answer = await teacher.client.v1.contacts.$get({ query: { limit: '50' } })
    if (answer.status !== 200) throw new Error(`a teacher could not list contacts: HTTP ${answer.status}`)
    const { items } = await answer.json()
    for (const role of ['student', 'guardian'] as const) {
      const contact = items.find(({ participant }) => participant.role === role)
      if (contact === undefined) throw new Error(`the sample district gives a teacher no ${role} to write with`)
      conversations.push(await openWith(api, signIn, teacher, contact))
    }
  }
  return conversations
}
