import { withSafeFailures } from '../withSafeFailures.ts'
import type { NoticeDeps } from './noticeDeps.ts'
import { createNoticeRecipients } from './noticeRecipients.ts'
import { createPlanNotices } from './planNotices.ts'
import { createTellNews } from './tellNews.ts'

/** The activities of notifying people. */
export const createNoticeActivities = (deps: NoticeDeps) =>
  withSafeFailures({
    noticeRecipients: createNoticeRecipients(deps),
    planNotices: createPlanNotices(deps),
    tellNews: createTellNews(deps),
  })

export type NoticeActivities = ReturnType<typeof createNoticeActivities>
