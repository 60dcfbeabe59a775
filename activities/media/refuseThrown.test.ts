import { describe, expect, test } from 'vitest'
import { InspectionFault, refuseThrown, toImageRefusal } from './refuseThrown.ts'

describe('what hostile bytes make a library throw', () => {
  test('is an answer and no fault of ours, whatever it is', () => {
    expect(refuseThrown(new RangeError('Maximum call stack size exceeded'), 'application/pdf')).toBe('engine-limits')
    expect(refuseThrown(new TypeError('x is undefined'), 'application/pdf')).toBe('document-unreadable')
    expect(refuseThrown('a word', 'video/mp4')).toBe('media-unreadable')
    expect(refuseThrown(new Error('x'), 'image/png')).toBe('image-unreadable')
  })
  test('is thrown on when the machine had no memory for it', () => {
    const memory = new RangeError('Array buffer allocation failed')
    expect(() => refuseThrown(memory, 'application/pdf')).toThrow(memory)
    expect(() => refuseThrown(new InspectionFault(), 'image/png')).toThrow(InspectionFault)
  })
})

describe('what libvips says', () => {
  test.each(['vips_tracked: out of memory -- size == 160MB', 'vips_thread: unable to create thread', 'Cannot allocate memory'])(
    'is no damage of the picture when it had no memory or thread: %s',
    (message) => {
      expect(() => toImageRefusal(new Error(message))).toThrow(InspectionFault)
    },
  )
  test('is our patience when it timed out, and damage otherwise, also where a file made up a size', () => {
    expect(toImageRefusal(new Error('timeout: 40% complete'))).toBe('engine-limits')
    expect(toImageRefusal(new Error('VipsJpeg: premature end of JPEG image'))).toBe('image-unreadable')
    expect(toImageRefusal(new Error('Insufficient memory to store text'))).toBe('image-unreadable')
  })
})
