import { describe, expect, it } from 'vitest'
import { attachmentStates, refusalReasons } from './attachment.ts'
import { toUploaderNotice } from './uploaderNotice.ts'

describe('toUploaderNotice', () => {
  it('writes only of files that were removed or refused', () => {
    expect(attachmentStates.filter((state) => toUploaderNotice(state, null) !== null)).toEqual(['quarantined', 'refused'])
  })

  it('does not say that nobody received what people could open for a while', () => {
    expect(toUploaderNotice('quarantined', null)?.text).toContain('Nobody received it')
    expect(toUploaderNotice('quarantined', null, true)?.text).not.toContain('Nobody')
    expect(toUploaderNotice('quarantined', null, true)?.text).toContain('may have opened it')
  })

  it('gives every refusal a reason of its own', () => {
    const texts = refusalReasons.map((reason) => toUploaderNotice('refused', reason)?.text)
    expect(new Set(texts).size).toBe(refusalReasons.length)
  })
})
