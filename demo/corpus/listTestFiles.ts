import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { contentTypes, quarantined, type CorpusFile } from './corpusFile.ts'

/** From Debian's `clamav-testfiles`: one harmless program that ClamAV reports, in the wrappings that it must see through. */
const wrappings = {
  'clam.exe': 'pdf',
  'clam.zip': 'docx',
  'clam.impl.zip': 'xlsx',
  'clam.bz2.zip': 'pptx',
  'clam.7z': 'pdf',
  'clam.arj': 'pdf',
  'clam.cab': 'docx',
  'clam.chm': 'pdf',
  'clam.tar.gz': 'odt',
  'clam.exe.bz2': 'csv',
  'clam.bin-le.cpio': 'txt',
  'clam.newc.cpio': 'txt',
  'clam.exe.szdd': 'png',
  'clam.exe.binhex': 'txt',
  'clam.exe.html': 'txt',
  'clam.exe.mbox.base64': 'txt',
  'clam.exe.mbox.uu': 'txt',
  'clam.mail': 'txt',
  'clam.exe.rtf': 'docx',
  'clam.ole.doc': 'docx',
  'clam.ppt': 'pptx',
  'clam.pdf': 'pdf',
  'clam.tnef': 'jpeg',
  'clam.sis': 'mp3',
  'clam-upx.exe': 'pdf',
  'clam-aspack.exe': 'gif',
  'clam-nsis.exe': 'mp4',
  'clam.ea06.exe': 'm4a',
  'clam_ISmsi_int.exe': 'pdf',
  'clam_cache_emax.tgz': 'csv',
} as const satisfies Record<string, keyof typeof contentTypes>

/** Each is sent under a name and a type that may be sent, as an attacker would. `folder` is where the package put its files. */
export const listTestFiles = (folder: string): CorpusFile[] =>
  Object.entries(wrappings).map(([file, type], index) => ({
    name: `${file}.${type}`,
    contentType: contentTypes[type],
    by: index % 2 === 0 ? 'student' : 'teacher',
    journey: 'upload',
    expected: quarantined,
    make: () => readFile(join(folder, file)),
  }))
