import { parse } from 'content-disposition'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { toDownloadHeaders } from './toDownloadHeaders.ts'

const headersFor = (fileName: string) => toDownloadHeaders({ attachmentId: 'a', fileName, contentType: 'application/pdf', bytes: 1 })

test('a file is saved, never opened: attachment, nosniff, sandbox, no copy kept', () => {
  expect(headersFor('report.pdf')).toMatchObject({
    'Content-Disposition': 'attachment; filename=report.pdf',
    'X-Content-Type-Options': 'nosniff',
    'Cache-Control': 'private, no-store',
    'Content-Security-Policy': expect.stringContaining('sandbox'),
  })
})

test('names in any script arrive as they were given', () => {
  for (const name of ['作业.pdf', 'tarea número 1.pdf', 'واجب.pdf', '📎 "quoted"; x=1.pdf', "it's (1)*.pdf", '100%25.pdf']) {
    expect(parse(headersFor(name)['Content-Disposition'] ?? '').parameters['filename']).toBe(name)
  }
})

/** Any characters, many of them of the kinds that headers and paths are made of. */
const names = fc
  .array(fc.oneof(fc.nat({ max: 0x7f }), fc.nat({ max: 0x10ffff })), { minLength: 1 })
  .map((points) => String.fromCodePoint(...points).toWellFormed())

test('no file name, however hostile, leaves its header or becomes a path', () => {
  fc.assert(
    fc.property(names, (fileName) => {
      const header = headersFor(fileName)['Content-Disposition'] ?? ''
      // Node itself refuses a header value outside these characters.
      expect(header).toMatch(/^[\t\u0020-\u007e\u0080-\u00ff]*$/)
      expect(header.startsWith('attachment')).toBe(true)
      expect(parse(header).parameters['filename'] ?? '').not.toMatch(/[/\\]/)
    }),
  )
})
