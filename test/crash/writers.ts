import { setTimeout as wait } from 'node:timers/promises'
import { v7 as newId } from 'uuid'
import type { MessageView } from '../../api/schemas/messageSchema.ts'
import type { MessageState } from '../../domain/shownMessage.ts'
import type { TenaciousCaller } from './tenaciousCaller.ts'

/** Who writes, and with what: the two of one channel, and what the teacher says to their section. */
export type Writers = { teacher: TenaciousCaller; student: TenaciousCaller; channelId: string; sectionId: string; canary: string }

/** Something that the API has acknowledged, and what became of it, acknowledged too. `line`: those of one line were written one after the other. */
export type Written = {
  kind: 'message' | 'announcement'
  id: string
  text: string
  by: 'teacher' | 'student'
  line: number
  state: MessageState
}

/** So that a person's missed events stay fewer than are told one by one, however long they are away. */
const pauseMs = { message: 60, announcement: 250 }

const hideEvery = 5
const withdrawEvery = 7

/** Who writes a line of messages or announcements. */
const lines = [
  { kind: 'message', by: 'teacher' },
  { kind: 'message', by: 'teacher' },
  { kind: 'message', by: 'student' },
  { kind: 'message', by: 'student' },
  { kind: 'announcement', by: 'teacher' },
] as const

/** The next thing of a line, by an id of the client's own, the same at each repetition. */
export const writeLine = async ({ channelId, sectionId, canary, ...callers }: Writers, line: number): Promise<Written> => {
  const { kind, by } = lines[line] ?? lines[0]
  const id = newId()
  const text = `${kind} of the ${by} ${canary}`
  const [path, body] =
    kind === 'message'
      ? [`/v1/channels/${channelId}/messages`, { id, text }]
      : [`/v1/sections/${sectionId}/announcements`, { id, text, recipients: 'students' }]
  const answer = await callers[by].ask<Pick<MessageView, 'id' | 'text'>>('POST', path, body)
  if (answer.id !== id || answer.text !== text) throw new Error('what was acknowledged is not what was sent')
  return { kind, by, line, id, text, state: 'shown' }
}

/** Now and then it is taken back by its author, or hidden by the teacher. */
const changeMind = async (writers: Writers, written: Written, count: number): Promise<Written> => {
  const path = `/v1/${written.kind}s/${written.id}`
  if (count % withdrawEvery === 0) {
    await writers[written.by].ask('POST', `${path}/withdraw`)
    return { ...written, state: 'withdrawn' }
  }
  if (count % hideEvery !== 0) return written
  await writers.teacher.ask('POST', `${path}/hide`)
  return { ...written, state: 'hidden' }
}

/** Everybody writes, each line one thing after the other, until `isOver`. Answers all that was acknowledged. */
export const writeUntil = async (writers: Writers, { isOver, atLeast }: { isOver: () => boolean; atLeast: number }): Promise<Written[]> => {
  const written: Written[] = []
  const write = async (line: number): Promise<void> => {
    for (let count = 1; !isOver() || written.length < atLeast; count += 1) {
      written.push(await changeMind(writers, await writeLine(writers, line), count))
      await wait(pauseMs[lines[line]?.kind ?? 'message'])
    }
  }
  await Promise.all(lines.map((_, line) => write(line)))
  return written
}
