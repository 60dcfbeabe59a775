import type { NoticeLanguage } from '../noticeLanguage.ts'

const messages = (count: number): string => (count === 1 ? '1 new message' : `${count} new messages`)

export const english: NoticeLanguage = {
  subject: (count) => `You have ${messages(count)} in Hallpass`,
  mail: ({ count, link, unsubscribe }) =>
    `You have ${messages(count)} in Hallpass.

Sign in to read: ${link}

This message says nothing of what was written, so that only you read it.
To get no more of these by mail: ${unsubscribe}
`,
  sms: ({ count, link }) => `Hallpass: you have ${messages(count)}. Sign in to read: ${link} Reply STOP to end.`,
}
