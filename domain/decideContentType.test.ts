import { describe, expect, test } from 'vitest'
import { decideContentType } from './decideContentType.ts'
import { fileTypes } from './fileTypes.ts'

describe('what a file claims to be and what it looks like must agree', () => {
  test('a listed type that looks like itself is that type', () => {
    for (const { contentType, family } of fileTypes) {
      expect(decideContentType(family === 'text' ? null : contentType, contentType)).toEqual({ contentType })
    }
  })
  test('no listed type passes as another, but an audio-only MP4', () => {
    for (const claimed of fileTypes) {
      for (const actual of fileTypes) {
        if (actual.contentType === claimed.contentType || (claimed.contentType === 'audio/mp4' && actual.contentType === 'video/mp4'))
          continue
        expect(decideContentType(actual.contentType, claimed.contentType)).toEqual({ refused: 'type-mismatch' })
      }
    }
  })
  test('what looks like nothing passes only as text', () => {
    for (const { contentType, family } of fileTypes) {
      expect(decideContentType(null, contentType)).toEqual(family === 'text' ? { contentType } : { refused: 'type-mismatch' })
    }
  })
  test('parameters and case of the declared type do not matter', () => {
    expect(decideContentType(null, 'Text/Plain; charset=utf-8')).toEqual({ contentType: 'text/plain' })
  })
  test('an unlisted type is refused whatever it looks like', () => {
    expect(decideContentType('image/png', 'image/svg+xml')).toEqual({ refused: 'type-not-allowed' })
  })
  test('a macro-enabled package is refused as that', () => {
    expect(
      decideContentType(
        'application/vnd.ms-word.document.macroenabled.12',
        'application/vnd.openxmlformats-officedocument.wordprocessingml.document',
      ),
    ).toEqual({ refused: 'macros' })
  })
  test('a text that begins like a program is left to the text check, one that is a PDF or RTF is not', () => {
    expect(decideContentType('image/bmp', 'text/plain')).toEqual({ contentType: 'text/plain' })
    expect(decideContentType('application/pdf', 'text/plain')).toEqual({ refused: 'type-mismatch' })
    expect(decideContentType('application/rtf', 'text/plain')).toEqual({ refused: 'type-mismatch' })
  })
})
