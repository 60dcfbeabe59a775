/** What a notification says in one language: how many new things there are, and where. Never of what, and no child’s name. */
export type NoticeLanguage = {
  subject(count: number): string
  mail(news: { count: number; link: string; unsubscribe: string }): string
}
