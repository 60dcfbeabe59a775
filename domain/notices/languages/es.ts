import type { NoticeLanguage } from '../noticeLanguage.ts'

const messages = (count: number): string => (count === 1 ? '1 mensaje nuevo' : `${count} mensajes nuevos`)

export const spanish: NoticeLanguage = {
  subject: (count) => `Tiene ${messages(count)} en Hallpass`,
  mail: ({ count, link, unsubscribe }) =>
    `Tiene ${messages(count)} en Hallpass.

Inicie sesión para leer: ${link}

Este correo no dice nada de lo escrito, para que solo usted lo lea.
Para no recibir más estos correos: ${unsubscribe}
`,
  sms: ({ count, link }) => `Hallpass: tiene ${messages(count)}. Entre para leer: ${link} Responda STOP para no recibir estos avisos.`,
}
