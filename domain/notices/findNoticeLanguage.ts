import { english } from './languages/en.ts'
import { spanish } from './languages/es.ts'
import type { NoticeLanguage } from './noticeLanguage.ts'

const languages: ReadonlyMap<string, NoticeLanguage> = new Map([
  ['en', english],
  ['es', spanish],
])

/** The words of a language tag (BCP 47), English for one that we have none of. */
export const findNoticeLanguage = (tag: string): NoticeLanguage => languages.get(tag.toLowerCase().split('-')[0] ?? '') ?? english
