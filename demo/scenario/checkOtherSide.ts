import type { ApiClient } from '../../api/client.ts'
import { toOthersView } from '../../domain/attachment.ts'
import type { WrittenFile } from '../corpus/writeCorpus.ts'
import { checkDownload, checkNoDownload } from './checkDownload.ts'
import type { Seen } from './followAttachment.ts'

/**
 * What the person on the other side of the conversation meets: a clean file that they can open, or a place where a file was, without
 * its name. Answers what is wrong.
 */
export const checkOtherSide = async (client: ApiClient, attachmentId: string, file: WrittenFile, seen: Seen): Promise<string[]> => {
  const answer = await client.v1.attachments[':id'].$get({ param: { id: attachmentId } })
  if (answer.status !== 200) return [`the other side cannot see the posted file: HTTP ${answer.status}`]
  const view = await answer.json()
  if (view.viewer !== 'audience') return ['the other side is shown what only the uploader may see']
  const faults = view.state === toOthersView(seen.state) ? [] : [`the other side sees ${view.state}`]
  if (seen.state === 'clean') return [...faults, ...(await checkDownload(client, attachmentId, file))]
  if (view.fileName !== null) faults.push('the other side is told the name of a file that is not there')
  return [...faults, ...(await checkNoDownload(client, attachmentId))]
}
