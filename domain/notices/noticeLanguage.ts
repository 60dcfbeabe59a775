/** What a notification says in one language: how many new things there are, and where. Never of what, and no child’s name. */
export type NoticeLanguage = {
  subject(count: number): string
  mail(news: { count: number; link: string; unsubscribe: string }): string
  /** One part of a message: 160 letters of the alphabet that phones have had from the start (3GPP TS 23.038), for links of up to 60. Says how to end them. */
  sms(news: { count: number; link: string }): string
}
