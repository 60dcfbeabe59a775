import type { CorpusFile } from '../corpus/corpusFile.ts'
import type { Conversation } from './openConversations.ts'

type Partner = Pick<Conversation['participant'], 'role'>

/**
 * A conversation of the right kind for each file: those of one kind of sender take turns, so that nobody comes near what one person may send
 * in a day. @throws when there is no conversation of a kind.
 */
export const shareOut = <File extends Pick<CorpusFile, 'by'>, Talk extends { participant: Partner }>(
  files: readonly File[],
  conversations: readonly Talk[],
): Map<File, Talk> => {
  const shares = new Map<File, Talk>()
  for (const [by, sent] of Map.groupBy(files, (file) => file.by)) {
    const fitting = conversations.filter(({ participant }) => (by === 'guardian') === (participant.role === 'guardian'))
    for (const [turn, file] of sent.entries()) {
      const conversation = fitting[turn % fitting.length]
      if (conversation === undefined) throw new Error(`there is no conversation for a ${by}`)
      shares.set(file, conversation)
    }
  }
  return shares
}
