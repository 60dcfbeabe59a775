import { expect, test } from 'vitest'
import { redactedNames } from '../db/dataClasses.ts'
import { openLog } from './openLog.ts'

test('a value under a guarded name never reaches the log, at the top or one level down', () => {
  const lines: string[] = []
  const log = openLog(
    { component: 'worker', level: 'info', guardedNames: redactedNames },
    { write: (line: string) => void lines.push(line) },
  )
  for (const name of [...redactedNames, 'text', 'token', 'authorization']) {
    log.info({ [name]: 'secret-word', row: { [name]: 'secret-word' }, districtId: 'kept' }, 'event')
  }
  expect(lines.length).toBeGreaterThan(10)
  expect(lines.join('')).not.toContain('secret-word')
  expect(lines.join('')).toContain('"districtId":"kept"')
})
