import type { TableGrant } from './tableGrant.ts'

/** What `app` may do with translations, with what they have cost, and with who refuses them. */
export const translationGrants: Readonly<Record<string, TableGrant>> = {
  translations: {
    select: 'all',
    insert: 'all',
    update: ['attempt', 'state', 'reason', 'body', 'lost', 'provider', 'characters', 'charged_attempt', 'asked_at', 'finished_at'],
  },
  translation_usage: { select: 'all', insert: 'all', update: ['characters', 'warned_at', 'exhausted_at'] },
  translation_refusals: { select: 'all', insert: 'all', delete: true },
}

/** What on-call sees of a translation: no text, and nothing of whose it is. */
export const translationsOfOncall: TableGrant = {
  select: [
    'district_id',
    'id',
    'message_id',
    'announcement_id',
    'language',
    'source_language',
    'state',
    'attempt',
    'reason',
    'provider',
    'characters',
    'created_at',
    'asked_at',
    'finished_at',
  ],
  update: ['attempt', 'state', 'reason', 'asked_at', 'finished_at'],
}
