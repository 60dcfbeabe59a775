/** What somebody is noticed of. */
export const noticeKinds = ['message', 'announcement'] as const
export type NoticeKind = (typeof noticeKinds)[number]
