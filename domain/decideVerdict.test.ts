import { describe, expect, it } from 'vitest'
import type { ScanAnswer } from './ports.ts'
import { decideVerdict, type ContentFinding } from './decideVerdict.ts'
import { present } from '../test/support/present.ts'

const engine = { engine: 'ClamAV 1.4.6', databaseVersion: '27000' }
const answers: Record<string, ScanAnswer> = {
  ok: { result: 'ok', engine },
  found: { result: 'found', signature: 'Eicar-Test', engine },
  encrypted: { result: 'not-inspected', signature: 'Heuristics.Encrypted.Zip', engine },
  limits: { result: 'not-inspected', signature: 'Heuristics.Limits.Exceeded.MaxScanSize', engine },
}
const allowed: ContentFinding = { contentType: 'application/pdf' }
const disguised: ContentFinding = { refused: 'type-mismatch' }

describe('decideVerdict', () => {
  it('says clean only when the engine said ok and the content is what it claims', () => {
    const clean = Object.entries(answers).flatMap(([name, answer]) =>
      [allowed, disguised].filter((content) => decideVerdict(answer, content).verdict === 'clean').map((content) => [name, content]),
    )
    expect(clean).toEqual([['ok', allowed]])
  })

  it('quarantines malware even when its type would be refused', () => {
    expect(decideVerdict(present(answers.found), disguised)).toEqual({ verdict: 'infected', signature: 'Eicar-Test', refusalReason: null })
  })

  it('gives a refusal reason exactly with unscannable', () => {
    for (const answer of Object.values(answers)) {
      for (const content of [allowed, disguised]) {
        const decision = decideVerdict(answer, content)
        expect(decision.refusalReason !== null).toBe(decision.verdict === 'unscannable')
      }
    }
  })

  it('tells encryption from limits when only the engine objects', () => {
    expect(decideVerdict(present(answers.encrypted), allowed).refusalReason).toBe('encrypted')
    expect(decideVerdict(present(answers.limits), allowed).refusalReason).toBe('engine-limits')
  })
})
