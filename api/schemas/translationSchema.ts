import { z } from '@hono/zod-openapi'
import { timeSchema } from './idSchema.ts'

/** In which something is written, as it was made out when it was posted. */
export const languageSchema = z
  .string()
  .openapi({ description: 'In which it is written, as Amazon Translate names languages', example: 'en' })

export const translationSchema = z
  .object({
    language: z.string().openapi({ example: 'es' }),
    sourceLanguage: z.string().openapi({ example: 'en' }),
    text: z.string(),
    provider: z.string().openapi({ description: 'What translated it: tell readers that no person did' }),
    translatedAt: timeSchema,
    lost: z.array(z.string()).openapi({
      description:
        'Kinds of what did not come through unchanged: name, number, date, time, link, email, phone, section; and line, where one stands there as it was written. Where there is one, warn, and show the original beside it',
    }),
  })
  .openapi('Translation')
export type TranslationView = z.infer<typeof translationSchema>

/** Of what somebody else wrote, for whoever prefers another language. */
export const ownTranslationSchema = translationSchema.nullable().openapi({
  description:
    'Into the language that you prefer, where it is there already; null otherwise. POST …/translations asks for one, into whichever language',
})

export const translateBody = z
  .strictObject({
    language: z
      .string()
      .max(35)
      .openapi({ description: 'A language tag such as es or es-MX: of the nearest that is offered', example: 'es' }),
  })
  .openapi('Translate')

/** It is being worked on. */
export const translatingSchema = z.object({ state: z.literal('pending'), language: z.string() }).openapi('Translating')
