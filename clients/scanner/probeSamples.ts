import { randomUUID } from 'node:crypto'
import { crc32, gzip } from 'node:zlib'
import { promisify } from 'node:util'
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

/** Just over `MaxFileSize 100M`: zeros, packed twice, are 336 bytes on the wire and cost the engine 0.3 s. */
const overTheLimit = async (): Promise<Buffer> => {
  const pack = promisify(gzip)
  return pack(await pack(Buffer.alloc(101 * 1024 * 1024)))
}
let packed: Promise<Buffer> | undefined

/** What the engine is asked before its `OK` counts. Harmless; under 1 KB in all. */
export const createProbeSamples = async (): Promise<ProbeSample[]> => [
  { name: 'clean text', bytes: Buffer.from(`nothing wrong here ${randomUUID()}`), expected: 'ok', signature: null },
  { name: 'known virus', bytes: eicar(), expected: 'found', signature: /eicar/i },
  { name: 'encrypted zip', bytes: encryptedZip(), expected: 'not-inspected', signature: /^Heuristics\.Encrypted\./ },
  { name: 'encrypted pdf', bytes: encryptedPdf(), expected: 'not-inspected', signature: /^Heuristics\.Encrypted\./ },
  { name: 'over the limit', bytes: await (packed ??= overTheLimit()), expected: 'not-inspected', signature: /^Heuristics\.Limits\./ },
]
