import type { WrittenFile } from '../corpus/writeCorpus.ts'
import { turnedAway } from '../corpus/corpusFile.ts'
import { makeEicar } from '../corpus/eicar.ts'
import type { FileResult } from '../report/fileResult.ts'
import { checkDownload } from './checkDownload.ts'
import { checkOtherSide } from './checkOtherSide.ts'
import { followAttachment, lookAtOwn, type Seen } from './followAttachment.ts'
import type { Conversation, Party } from './openConversations.ts'
import { askForTicket, sendOtherBytes, sendToStore, type Ticket } from './uploadFile.ts'

export type Journeying = {
  conversation: Conversation
  /** Told of every step, in words. */
  moved: (step: string) => void
  patienceMs: number
  signal: AbortSignal
}

const post = async (uploader: Party, channelId: string, file: WrittenFile, attachmentId: string): Promise<string[]> => {
  const answer = await uploader.client.v1.channels[':id'].messages.$post({
    param: { id: channelId },
    json: { text: `Here is ${file.name}`.slice(0, 300), attachmentIds: [attachmentId] },
  })
  return answer.status === 201 ? [] : [`the message with the file was refused: HTTP ${answer.status}`]
}

const complete = async (uploader: Party, attachmentId: string): Promise<string[]> => {
  const answer = await uploader.client.v1.attachments[':id'].complete.$post({ param: { id: attachmentId } })
  return answer.status === 202 ? [] : [`saying that the upload is complete was refused: HTTP ${answer.status}`]
}

/** The bytes are with the store: the uploader posts the message, which does not wait for the scan, and says that the upload is complete. */
const sendAndTell = async (
  uploader: Party,
  file: WrittenFile,
  ticket: Ticket,
  { conversation, moved, signal }: Journeying,
): Promise<string[]> => {
  moved('uploading')
  const isTaken = await sendToStore(ticket.upload, file, signal)
  if (!isTaken) {
    moved('store refused')
    return []
  }
  if (file.journey === 'vanish') return []
  return [...(await post(uploader, conversation.channelId, file, ticket.attachmentId)), ...(await complete(uploader, ticket.attachmentId))]
}

/** Sends a virus after the clean bytes, with the same ticket. What was looked at must stay what people get. */
const overwrite = async (uploader: Party, ticket: Ticket, seen: Seen, signal: AbortSignal): Promise<string[]> => {
  await sendOtherBytes(ticket.upload, makeEicar(), signal)
  const { state, verdict } = await lookAtOwn(uploader.client, ticket.attachmentId)
  return state === seen.state && verdict === seen.verdict ? [] : ['bytes that came later changed the verdict']
}

const checkEnd = async (uploader: Party, reader: Party, file: WrittenFile, ticket: Ticket, seen: Seen): Promise<string[]> => {
  if (file.journey === 'upload' && file.expected.state !== 'expired') return checkOtherSide(reader.client, ticket.attachmentId, file, seen)
  if (file.journey === 'overwrite') return checkOtherSide(reader.client, ticket.attachmentId, file, seen)
  return seen.state === 'clean' ? checkDownload(uploader.client, ticket.attachmentId, file) : []
}

/** One file's whole way, from asking for a ticket to what the other side can open. @throws when a server does not answer as servers do. */
export const sendFile = async (file: WrittenFile, journeying: Journeying): Promise<FileResult> => {
  const { conversation, moved, patienceMs, signal } = journeying
  const [uploader, reader] =
    file.by === 'teacher' ? [conversation.teacher, conversation.participant] : [conversation.participant, conversation.teacher]
  const startedAt = performance.now()
  moved('asking')
  const ticket = await askForTicket(uploader.client, conversation.channelId, file)
  if (ticket === null) return { file, attachmentId: null, ...turnedAway, ms: performance.now() - startedAt, faults: [] }
  const faults = file.journey === 'never-send' ? [] : await sendAndTell(uploader, file, ticket, journeying)
  const seen = await followAttachment(uploader.client, ticket.attachmentId, { patienceMs, signal, changed: moved })
  const ms = performance.now() - startedAt
  if (file.journey === 'overwrite') faults.push(...(await overwrite(uploader, ticket, seen, signal)))
  faults.push(...(await checkEnd(uploader, reader, file, ticket, seen)))
  return { file, attachmentId: ticket.attachmentId, ...seen, ms, faults }
}
