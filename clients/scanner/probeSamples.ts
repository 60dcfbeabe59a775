import { randomUUID } from 'node:crypto'
import { crc32, gzipSync } from 'node:zlib'
import type { ScanAnswer } from '../../domain/ports.ts'

/** One thing that an engine with our settings says, and an engine without them does not. */
export type ProbeSample = { name: string; bytes: Buffer; expected: ScanAnswer['result']; signature: RegExp | null }

/** The test string of the antivirus industry, in parts, so that no scanner removes this file. */
const eicar = (): Buffer => Buffer.from(['X5O!P%@AP[4', '\\PZX54(P^)7CC)7}$', 'EICAR-STANDARD-', 'ANTIVIRUS-TEST-', 'FILE!$H+H*'].join(''))

/** A zip of one stored member whose header says "encrypted" (APPNOTE 4.4.4, bit 0). */
const encryptedZip = (): Buffer => {
  const name = Buffer.from('a.txt')
  const sealed = Buffer.from('twelve bytes of header, 14')
  // From "version needed" to "extra length": the part that both headers share (APPNOTE 4.3.7, 4.3.12).
  const shared = Buffer.alloc(26)
  shared.writeUInt16LE(20, 0)
  shared.writeUInt16LE(1, 2)
  shared.writeUInt32LE(crc32(sealed), 10)
  shared.writeUInt32LE(sealed.length, 14)
  shared.writeUInt32LE(sealed.length - 12, 18)
  shared.writeUInt16LE(name.length, 22)
  const local = Buffer.concat([Buffer.from('PK\x03\x04'), shared, name, sealed])
  const central = Buffer.concat([Buffer.from('PK\x01\x02\x14\x00'), shared, Buffer.alloc(14), name])
  const end = Buffer.alloc(22)
  end.write('PK\x05\x06')
  end.writeUInt16LE(1, 8)
  end.writeUInt16LE(1, 10)
  end.writeUInt32LE(central.length, 12)
  end.writeUInt32LE(local.length, 16)
  return Buffer.concat([local, central, end])
}

/** A PDF whose trailer names an encryption dictionary; without a cross-reference table clamd does not look that far. */
const encryptedPdf = (): Buffer =>
  Buffer.from(
    [
      '%PDF-1.4',
      '1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj',
      '2 0 obj<</Type/Pages/Kids[]/Count 0>>endobj',
      '3 0 obj<</Filter/Standard/V 1/R 2/O(01234567890123456789012345678901)/U(01234567890123456789012345678901)/P -4>>endobj',
      'xref',
      '0 4',
      '0000000000 65535 f ',
      'trailer<</Size 4/Root 1 0 R/Encrypt 3 0 R/ID[<00><00>]>>',
      'startxref',
      '200',
      '%%EOF\n',
    ].join('\n'),
  )

/** Deeper than `MaxRecursion 17`: some 400 bytes that cost the engine nothing. */
const tooDeep = (): Buffer => {
  let packed = Buffer.from('at the bottom')
  for (let depth = 0; depth < 20; depth += 1) packed = gzipSync(packed)
  return packed
}

const mebibyte = 1024 * 1024
const octal = (value: number, digits: number): string => `${value.toString(8).padStart(digits, '0')}\0`

/**
 * A tar (POSIX.1-1988, ustar) whose header promises a file of this size, and 512 bytes of it: clamd measures what is promised against its
 * limits before it looks. So a kilobyte tells where they are, where a real file of that size would cost the engine seconds.
 */
const promising = (bytes: number): Buffer => {
  const header = Buffer.alloc(512)
  header.write('promise.bin')
  header.write(octal(0o644, 7), 100)
  header.write(octal(bytes, 11), 124)
  header.write(' '.repeat(8), 148)
  header.write('0', 156)
  header.write('ustar\x0000', 257)
  const sum = header.reduce((total, byte) => total + byte, 0)
  header.write(`${octal(sum, 6)} `, 148)
  return Buffer.concat([header, Buffer.alloc(512, 'x')])
}

const encrypted = /^Heuristics\.Encrypted\./
const limits = /^Heuristics\.Limits\./

/**
 * What the engine is asked before its `OK` counts: harmless, and under 4 KB in all. Each line of clamd.conf without which clamd would say
 * OK to what it did not look at makes one of these come out otherwise.
 */
export const createProbeSamples = (): ProbeSample[] => [
  { name: 'clean text', bytes: Buffer.from(`nothing wrong here ${randomUUID()}`), expected: 'ok', signature: null },
  { name: 'known virus', bytes: eicar(), expected: 'found', signature: /eicar/i },
  { name: 'encrypted zip', bytes: encryptedZip(), expected: 'not-inspected', signature: encrypted },
  { name: 'encrypted pdf', bytes: encryptedPdf(), expected: 'not-inspected', signature: encrypted },
  { name: 'too deep', bytes: tooDeep(), expected: 'not-inspected', signature: limits },
  // Under MaxScanSize, and over MaxFileSize unless that is the larger one, as it must be (docs/decisions/scanner-adapter.md).
  { name: 'within the limit', bytes: promising(399 * mebibyte), expected: 'ok', signature: null },
  { name: 'over the limit', bytes: promising(401 * mebibyte), expected: 'not-inspected', signature: limits },
]
