import { expect, test } from 'vitest'
import { uploadQuotaDefaults } from '../../domain/uploadQuotas.ts'
import { listCorpus } from '../corpus/listCorpus.ts'
import { teacherCount } from '../runScenario.ts'
import { shareOut } from './shareOut.ts'

const corpus = listCorpus({ testFilesFolder: 'unused' })
const conversations = Array.from({ length: teacherCount }, (_, teacher) =>
  (['student', 'guardian'] as const).map((role) => ({ teacher, participant: { role } })),
).flat()

test('the demo can be run ten times in a day before anybody has sent as much as one person may', () => {
  const shares = shareOut(corpus, conversations)
  expect(shares.size).toBe(corpus.length)
  const sent = Map.groupBy(shares, ([{ by }, { teacher }]) => `${by} ${teacher}`)
  expect(sent.size).toBe(3 * teacherCount)
  for (const files of sent.values()) expect(files.length * 10).toBeLessThan(uploadQuotaDefaults.personFilesPerDay)
})

test('guardians send where a guardian takes part, everybody else where a student does', () => {
  for (const [{ by }, { participant }] of shareOut(corpus, conversations))
    expect(participant.role).toBe(by === 'guardian' ? 'guardian' : 'student')
})
