import type { WrittenFile } from '../corpus/writeCorpus.ts'
import type { FileResult } from '../report/fileResult.ts'
import type { JourneyDisplay } from '../report/showJourneys.ts'
import type { Conversation } from './openConversations.ts'
import { sendFile } from './sendFile.ts'
import { shareOut } from './shareOut.ts'

export type CorpusRun = {
  conversations: readonly Conversation[]
  display: JourneyDisplay
  /** How many people send at the same time. */
  clients: number
  /** How long a file may take before the demo stops waiting for it. */
  patienceMs: number
  signal: AbortSignal
}

/**
 * Sends all files, `clients` at a time, and answers how each ended, in the order of the files. Those that only wait for
 * their ticket to run out hold nobody up.
 */
export const sendCorpus = async (files: readonly WrittenFile[], run: CorpusRun): Promise<FileResult[]> => {
  const { conversations, display, clients, patienceMs, signal } = run
  const results = new Map<WrittenFile, FileResult>()
  const shares = shareOut(files, conversations)
  const send = async (file: WrittenFile): Promise<void> => {
    const conversation = shares.get(file)
    if (conversation === undefined) throw new Error('a file has no conversation')
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
