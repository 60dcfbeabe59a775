import { defineEntity, p } from '@mikro-orm/core'
import { translationReasons, translationStates } from '../../domain/translation/translationState.ts'
import type { ColumnClasses } from '../columnClasses.ts'
import { barOncall, districtWall, windowFor } from '../districtPolicies.ts'

const properties = {
  districtId: p.uuid().primary(),
  id: p.uuid().primary(),
  /** Of which text: one of the two. */
  messageId: p.uuid().nullable(),
  announcementId: p.uuid().nullable(),
  /** As the provider names them (`domain/translation/languages.ts`). */
  language: p.text(),
  sourceLanguage: p.text(),
  state: p.enum(() => translationStates),
  /** Which run works on it: part of the workflow id, so a write of an earlier attempt finds nothing (law 5). */
  attempt: p.integer().default(1),
  /** Why it failed or was cancelled. */
  reason: p.enum(() => translationReasons).nullable(),
  /** Sealed (`sealField`, row = `id`). */
  body: p.blob().nullable(),
  /** Kinds of what did not come through unchanged: readers are warned of it. */
  lost: p.array().default([]),
  /** What readers are told that it is by. */
  provider: p.text().nullable(),
  /** What the provider bills, in Unicode code points. */
  characters: p.integer().nullable(),
  /** The last attempt that was charged to the district's budget: each is charged once. */
  chargedAttempt: p.integer().default(0),
  createdAt: p.datetime(),
  /** When the present attempt was asked for. */
  askedAt: p.datetime(),
  finishedAt: p.datetime().nullable(),
}

export const translationClasses: ColumnClasses<typeof properties> = {
  districtId: 'internal',
  id: 'internal',
  messageId: 'internal',
  announcementId: 'internal',
  language: 'internal',
  sourceLanguage: 'internal',
  state: 'internal',
  attempt: 'internal',
  reason: 'internal',
  body: 'ugc',
  lost: 'internal',
  provider: 'internal',
  characters: 'internal',
  chargedAttempt: 'internal',
  createdAt: 'internal',
  askedAt: 'internal',
  finishedAt: 'internal',
}

/** A message or an announcement in another language: one row for each text and language, however many read it. It is read exactly where its text is. */
export const TranslationSchema = defineEntity({
  name: 'Translation',
  tableName: 'translations',
  ...districtWall,
  policies: [
    ...districtWall.policies,
    windowFor('hallpass_sweeper', 'select'),
    windowFor('hallpass_oncall', 'select'),
    barOncall('oncall_replays', 'update', { using: `state in ('failed', 'pending')`, check: `state = 'pending'` }),
  ],
  properties,
  checks: [
    { name: 'translations_of_one_text', expression: '(message_id is null) <> (announcement_id is null)' },
    { name: 'translations_into_another_language', expression: 'language <> source_language' },
    {
      name: 'translations_done_is_whole',
      expression: `(state = 'done') = (body is not null) and (state = 'done') = (provider is not null) and (state <> 'done' or characters is not null)`,
    },
    {
      name: 'translations_ended_is_whole',
      expression: `(state in ('failed', 'cancelled')) = (reason is not null) and (state = 'pending') = (finished_at is null)`,
    },
  ],
  uniques: [
    { name: 'translations_of_message', properties: ['districtId', 'messageId', 'language'] },
    { name: 'translations_of_announcement', properties: ['districtId', 'announcementId', 'language'] },
  ],
  indexes: [
    { name: 'translations_pending', properties: ['askedAt'], where: `state = 'pending'` },
    { name: 'translations_failed', properties: ['finishedAt'], where: `state = 'failed'` },
    { name: 'translations_by_id', properties: ['id'] },
  ],
})
export class Translation extends TranslationSchema.class {}
TranslationSchema.setClass(Translation)
