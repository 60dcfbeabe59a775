import { expect, it } from 'vitest'
import { columnClasses, internalColumnsOf, redactedNames } from './dataClasses.ts'

it('names columns as the database does', () => {
  expect(Object.keys(columnClasses['enrollments'] ?? {})).toContain('until_version')
  expect(columnClasses['keys.data_keys']).toMatchObject({ wrapped: 'secret', activates_at: 'internal' })
})

it('counts only ids, states, times and counts as internal', () => {
  const posted = ['district_id', 'channel_id', 'seq', 'id', 'author_id', 'created_at']
  const became = ['hidden_at', 'hidden_by', 'withdrawn_at', 'withdrawn_after_readers', 'was_nudged', 'language']
  expect(internalColumnsOf('messages')).toEqual([...posted, ...became])
  expect(internalColumnsOf('no such table')).toEqual([])
})

it('counts an id that the SIS made of a person, or of a person’s place in a section, as personal', () => {
  for (const table of ['users', 'enrollments']) expect(internalColumnsOf(table)).not.toContain('sourced_id')
  expect(internalColumnsOf('sections')).toContain('sourced_id')
})

it('guards a name in both spellings if any table guards it', () => {
  expect(redactedNames).toEqual(expect.arrayContaining(['fileName', 'file_name', 'body', 'email', 'phone', 'familyName']))
})
