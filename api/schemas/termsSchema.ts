import { z } from '@hono/zod-openapi'
import { contributionsTitle, findTermsFault, readingNotice, termsCharactersMax, type TermsFault } from '../../domain/termsOfUse.ts'
import { personSchema } from './channelSchema.ts'
import { idSchema, timeSchema } from './idSchema.ts'
import { toPageSchema } from './pageSchema.ts'

const versionSchema = z.int().min(1).max(2_147_483_646).openapi({ description: 'Counts from 1; the newest counts', example: 1 })
const textSchema = z
  .string()
  .openapi({ description: 'Plain text or Markdown', example: `## ${contributionsTitle}\n\nWhat you write stays yours.` })

const faults: Record<TermsFault, string> = {
  'no-contributions': `Add a section titled "${contributionsTitle}": a line of its own with that title.`,
  'contributions-empty': `Say below the title "${contributionsTitle}" what becomes of what people write and send.`,
}

export const publishTermsBody = z
  .strictObject({
    text: textSchema
      // Code units first, as with messages.
      .max(2 * termsCharactersMax, { error: `Shorten the text to ${termsCharactersMax} characters.`, abort: true })
      .refine((text) => Array.from(text).length <= termsCharactersMax, { error: `Shorten the text to ${termsCharactersMax} characters.` })
      .refine((text) => text.isWellFormed() && !text.includes('\u0000'), { error: 'The text is not valid Unicode.' })
      .check((context) => {
        const fault = findTermsFault(context.value)
        if (fault !== null) context.issues.push({ code: 'custom', input: context.value, message: faults[fault] })
      }),
    replaces: z
      .int()
      .min(0)
      .max(2_147_483_645)
      .openapi({ description: 'The version that you have read and replace; 0 when the district has none', example: 1 }),
  })
  .openapi('PublishTerms')

const publishedFields = {
  version: versionSchema,
  publishedBy: personSchema.nullable().openapi({ description: 'null of the version that the district was made with' }),
  publishedAt: timeSchema,
}

/** A version in a list. */
export const termsVersionSchema = z.object(publishedFields).openapi('TermsVersion')
export type TermsVersionView = z.infer<typeof termsVersionSchema>
export const termsVersionPageSchema = toPageSchema(termsVersionSchema).openapi('TermsVersionPage')

export const publishedTermsSchema = z.object({ ...publishedFields, text: textSchema }).openapi('PublishedTerms')

/** The `{version}` of a path: like an id, one that is none names nothing. */
export const termsParams = z.object({
  districtId: idSchema,
  version: z.coerce.number().pipe(versionSchema).openapi({ type: 'integer', example: 1 }),
})

export const acceptancePageSchema = toPageSchema(
  z.object({ person: personSchema, acceptedAt: timeSchema }).openapi('TermsAcceptance'),
).openapi('TermsAcceptancePage')

/** The terms of use as somebody of the district meets them. */
export const termsSchema = z
  .object({
    notice: z
      .string()
      .openapi({ description: 'Show it beside the terms, and wherever somebody writes for the first time', example: readingNotice }),
    terms: z
      .object({ version: versionSchema, text: textSchema, publishedAt: timeSchema })
      .nullable()
      .openapi({ description: 'The newest; null when the district has published none' }),
    acceptedAt: timeSchema.nullable().openapi({ description: 'When you accepted this version' }),
    mustAccept: z.boolean().openapi({ description: 'You read as ever, and write when you have accepted it' }),
  })
  .openapi('Terms')
export type TermsView = z.infer<typeof termsSchema>

export const acceptTermsBody = z.strictObject({ version: versionSchema }).openapi('AcceptTerms')
