import { gzipSync } from 'node:zlib'
import { clean, refusedAs, type CorpusFile } from './corpusFile.ts'
import { toCorpusFiles, type HostileRow } from './hostileRow.ts'
import { makeCompoundFile } from './makeCompoundFile.ts'
import { makeZip } from './makeZip.ts'

const hex = (digits: string, bytes = 512): Buffer => Buffer.concat([Buffer.from(digits, 'hex'), Buffer.alloc(bytes)])

const entities = Array.from({ length: 9 }, (_, level) => `<!ENTITY a${level + 1} "${`&a${level};`.repeat(10)}">`).join('')

/** What a browser, an Office program or an XML parser would act on, as text. */
const markup: Readonly<Record<string, string>> = {
  svg: '<svg xmlns="http://www.w3.org/2000/svg" onload="alert(1)"><script>alert(1)</script></svg>\n',
  html: '<!doctype html><html><body><script>alert(1)</script></body></html>\n',
  'xml with an outside entity': '<?xml version="1.0"?><!DOCTYPE a [<!ENTITY x SYSTEM "file:///etc/passwd">]><a>&x;</a>\n',
  'a billion laughs': `<?xml version="1.0"?><!DOCTYPE a [<!ENTITY a0 "ha">${entities}]><a>&a9;</a>\n`,
  'web archive':
    'MIME-Version: 1.0\r\nContent-Type: multipart/related; boundary="b"\r\n\r\n--b\r\nContent-Type: text/html\r\n\r\n<p>x</p>\r\n--b--\r\n',
  'shell script': '#!/bin/sh\nrm -rf "$HOME"\n',
  'batch file': '@echo off\r\nformat c: /y\r\n',
  'php page': '<?php system($_GET["c"]); ?>\n',
  'csv formula': '=cmd|\' /C calc\'!A0,1\r\n=HYPERLINK("https://example.org/"),2\r\n',
}

const disguises = ['a picture.png', 'a page.pdf', 'a document.docx'] as const

/** Text is shown as text and downloaded as such; as anything else it is not what it says. */
const listMarkup = (): HostileRow[] =>
  Object.entries(markup).flatMap(([kind, text], index): HostileRow[] => [
    [`${kind} as text.txt`, clean, () => Buffer.from(text)],
    [`${kind} as ${disguises[index % disguises.length]}`, refusedAs('type-mismatch'), () => Buffer.from(text)],
  ])

/** Formats that may not be sent, by their first bytes, and programs. */
const binaries: Readonly<Record<string, () => Buffer | Promise<Buffer>>> = {
  'windows program': () => hex('4d5a90000300000004000000ffff0000'),
  'linux program': () => hex('7f454c46020101000000000000000000'),
  'apple program': () => hex('cffaedfe0700000103000000'),
  'java class': () => hex('cafebabe00000034'),
  'flash film': () => hex('46575308'),
  'old document': () => makeCompoundFile([{ name: 'WordDocument', content: Buffer.from('old') }]),
  'seven zip': () => hex('377abcaf271c0004'),
  rar: () => hex('526172211a070100'),
  gzip: () => gzipSync('hello'),
  bitmap: () => hex('424d46000000000000003600000028000000'),
  tiff: () => hex('49492a0008000000'),
  heic: () => hex('000000186674797068656963000000006d69663168656963'),
  icon: () => hex('00000100010010100000'),
  'rich text': () => Buffer.from('{\\rtf1\\ansi{\\object\\objemb x}}'),
  postscript: () => Buffer.from('%!PS-Adobe-3.0\n(%pipe%id) (w) file\n'),
  shortcut: () => hex('4c0000000114020000000000c000000000000046'),
}

const listBinaries = (): HostileRow[] =>
  Object.entries(binaries).map(([kind, make], index): HostileRow => {
    const extension = ['pdf', 'jpg', 'docx', 'txt'][index % 4] ?? 'pdf'
    // Whatever is called a text is only asked whether it is one.
    const reason = extension === 'txt' ? 'text-not-utf8' : 'type-mismatch'
    return [`${kind} in disguise.${extension}`, refusedAs(reason), make]
  })

export const listDisguised = (): CorpusFile[] =>
  toCorpusFiles([
    ...listMarkup(),
    ...listBinaries(),
    ['zip as a sheet.xlsx', refusedAs('active-content'), () => makeZip([{ path: 'a.exe', content: 'MZ' }])],
    ['utf-16.txt', refusedAs('text-not-utf8'), () => Buffer.from('\ufeffhello', 'utf16le')],
    ['escape sequences.txt', refusedAs('text-not-utf8'), () => Buffer.from('\u001b]0;owned\u0007\u001b[2J')],
    ['overlong utf-8.txt', refusedAs('text-not-utf8'), () => Buffer.from('2e2ec0af2e2e', 'hex')],
    ['trailing nul.csv', refusedAs('text-not-utf8'), () => Buffer.from('a,b\r\n1,2\0\r\n')],
  ])
