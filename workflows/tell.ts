import type { Inspection } from '../activities/inspection.ts'
import type { AttachmentRef } from './contract.ts'
import { findIncurable, isTransient, type Incurable } from './findIncurable.ts'
import type { PacedActivities } from './proxyAttachmentActivities.ts'

/** What people have to hear of a file, and who has heard it. Carried over a continue-as-new: nothing that was found is forgotten. */
export type News = {
  finding: Inspection | null
  /** Whether the finding stands in the row, and nothing of the file waits in incoming: then it is true for the uploader too. */
  isPlaced: boolean
  isToldToEngineers: boolean
  isToldToUploader: boolean
  /** Why somebody will never hear of it. The run then ends as failed, so that it is seen. */
  failure: Incurable | null
}

export const nothingToTell = (): News => ({
  finding: null,
  isPlaced: false,
  isToldToEngineers: false,
  isToldToUploader: false,
  failure: null,
})

/**
 * Tells whoever has to hear and has not: engineers of malware, the uploader of a file that does not arrive. Both are tried at once, and neither
 * waits for the other. Throws the outage that kept one of them from hearing.
 */
export const tell = async (ref: AttachmentRef, act: PacedActivities, news: News): Promise<void> => {
  const { finding } = news
  if (finding === null || finding.verdict === 'clean') return
  const tries: Promise<void>[] = []
  if (finding.verdict === 'infected' && !news.isToldToEngineers) {
    tries.push(once(news, act.alertInfected(ref, finding), () => (news.isToldToEngineers = true)))
  }
  if (news.isPlaced && !news.isToldToUploader) tries.push(once(news, act.tellUploader(ref), () => (news.isToldToUploader = true)))
  for (const result of await Promise.allSettled(tries)) if (result.status === 'rejected') throw result.reason
}

/** As `tell`, once: whoever cannot be reached now is tried again later. */
export const tellSoon = async (ref: AttachmentRef, act: PacedActivities, news: News): Promise<void> => {
  try {
    await tell(ref, act, news)
  } catch (error) {
    if (!isTransient(error)) throw error
  }
}

const once = async (news: News, step: Promise<unknown>, done: () => void): Promise<void> => {
  try {
    await step
  } catch (error) {
    const failure = findIncurable(error)
    if (failure === null) throw error
    news.failure ??= failure
  }
  done()
}
