import { describe, expect, test } from 'vitest'
import { findNoticeLanguage } from './findNoticeLanguage.ts'

/** 3GPP TS 23.038, 6.2.1, without the extension, whose letters count twice. */
const basic = /^[@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !"#¤%&'()*+,\-./0-9:;<=>?¡A-ZÄÖÑÜ§¿a-zäöñüà]*$/u

describe.each(['en', 'es'])('a text message in %s', (tag) => {
  const words = findNoticeLanguage(tag)
  const link = `https://${'a'.repeat(52)}`

  test.each([1, 2, 999])('of %i is one part, with who writes, where to read and how to end it', (count) => {
    const text = words.sms({ count, link })
    expect(text).toMatch(basic)
    expect(text.length).toBeLessThanOrEqual(160)
    for (const word of ['Hallpass', String(count), link, 'STOP']) expect(text).toContain(word)
  })
})

test('a tag of a language that there are words of is found by its language alone; of any other the words are English', () => {
  expect(findNoticeLanguage('ES-mx')).toBe(findNoticeLanguage('es'))
  for (const tag of ['', 'xx', '__proto__', 'constructor']) expect(findNoticeLanguage(tag)).toBe(findNoticeLanguage('en'))
})
