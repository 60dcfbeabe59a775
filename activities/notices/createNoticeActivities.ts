import { withSafeFailures } from '../withSafeFailures.ts'
import type { NoticeDeps } from './noticeDeps.ts'
import { createAskForLanguages } from './askForLanguages.ts'
import { createNoticeRecipients } from './noticeRecipients.ts'
import { createPlanNotices } from './planNotices.ts'
import { createTellNews } from './tellNews.ts'

/** The activities of notifying people. */
export const createNoticeActivities = (deps: NoticeDeps) =>
  withSafeFailures({
    askForLanguages: createAskForLanguages(deps),
    noticeRecipients: createNoticeRecipients(deps),
    planNotices: createPlanNotices(deps),
    tellNews: createTellNews(deps),
  })

export type NoticeActivities = ReturnType<typeof createNoticeActivities>
