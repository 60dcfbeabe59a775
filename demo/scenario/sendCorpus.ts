import type { WrittenFile } from '../corpus/writeCorpus.ts'
import type { FileResult } from '../report/fileResult.ts'
import type { JourneyDisplay } from '../report/showJourneys.ts'
import type { Conversation } from './openConversations.ts'
import { sendFile } from './sendFile.ts'

export type CorpusRun = {
  conversations: readonly Conversation[]
  display: JourneyDisplay
  /** How many people send at the same time. */
  clients: number
  /** How long a file may take before the demo stops waiting for it. */
  patienceMs: number
  signal: AbortSignal
}

/** A conversation of the right kind, another one for every file. */
const pickConversation = (conversations: readonly Conversation[], file: WrittenFile, turn: number): Conversation => {
  const fitting = conversations.filter(({ participant }) => (file.by === 'guardian') === (participant.role === 'guardian'))
  const conversation = fitting[turn % fitting.length]
  if (conversation === undefined) throw new Error(`there is no conversation for a ${file.by}`)
  return conversation
}

/**
 * Sends all files, `clients` at a time, and answers how each ended, in the order of the files. Those that only wait for
 * their ticket to run out hold nobody up.
 */
export const sendCorpus = async (files: readonly WrittenFile[], run: CorpusRun): Promise<FileResult[]> => {
  const { conversations, display, clients, patienceMs, signal } = run
  const results = new Map<WrittenFile, FileResult>()
  const send = async (file: WrittenFile): Promise<void> => {
    const conversation = pickConversation(conversations, file, files.indexOf(file))
    const result = await sendFile(file, { conversation, patienceMs, signal, moved: (step) => display.moved(file.name, step) })
    results.set(file, result)
    display.ended(result)
  }
  const patient = files.filter((file) => file.expected.state === 'expired')
  const queue = files.filter((file) => file.expected.state !== 'expired').values()
  const work = async (): Promise<void> => {
    for (const file of queue) {
      signal.throwIfAborted()
      await send(file)
    }
  }
  await Promise.all([...patient.map(send), ...Array.from({ length: clients }, work)])
  return files.flatMap((file) => results.get(file) ?? [])
}
