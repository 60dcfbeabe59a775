import type { RefusalReason } from '../../domain/attachment.ts'
import { isCompoundFile } from './compoundFile.ts'
import { toContent, type Content } from './content.ts'
import { findPartReason, findXmlReason, xmlBytesMax } from './documentRules.ts'
import { openPackage, PackageRefused } from './openPackage.ts'
import { createTypeCheck, typeBytesMax } from './packageType.ts'

/** An embedded document may hold another, and no more. */
const depthMax = 2

/**
 * Whether an Office document (OOXML or ODF) is what it claims to be, can be read whole, and has nothing in it that runs: no macros,
 * ActiveX, OLE objects, programs, DDE, and no template or object taken from elsewhere. Embedded documents (the sheet behind a
 * chart) are allowed and inspected alike.
 */
export const inspectDocument = async (content: Content, contentType: string): Promise<RefusalReason | null> => {
  try {
    return await inspectPackage(content, contentType, 0)
  } catch (error) {
    if (error instanceof PackageRefused) return error.reason
    throw error
  }
}

const inspectPackage = async (content: Content, contentType: string | null, depth: number): Promise<RefusalReason | null> => {
  if (depth > depthMax) return 'engine-limits'
  const { names, parts } = await openPackage(content)
  for (const name of names) {
    const reason = findPartReason(name)
    if (reason !== null) return reason
  }
  const type = createTypeCheck()
  for await (const { name, bytes } of parts(toKeptBytes)) {
    const reason = await inspectPart(name, bytes, depth)
    if (reason !== null) return reason
    type.see(name, bytes)
  }
  return contentType === null || type.is(contentType) ? null : 'type-mismatch'
}

const zipMagic = Buffer.from('PK\x03\x04')
const programMagics = [Buffer.from('MZ'), Buffer.from('\x7fELF', 'latin1'), Buffer.from('#!')]

const isZip = (start: Buffer): boolean => start.subarray(0, zipMagic.length).equals(zipMagic)
const isXml = (name: string): boolean => /\.(xml|rels|vml|rdf)$/i.test(name)

/** Of text one byte more than is searched, so that too much is seen to be; of pictures and the like no more than how they begin. */
const toKeptBytes = (name: string, head: Buffer): number => {
  if (isZip(head)) return Number.POSITIVE_INFINITY
  return isXml(name) ? xmlBytesMax + 1 : typeBytesMax
}

const inspectPart = async (name: string, bytes: Buffer, depth: number): Promise<RefusalReason | null> => {
  if (isCompoundFile(bytes)) return 'active-content'
  if (programMagics.some((magic) => bytes.subarray(0, magic.length).equals(magic))) return 'active-content'
  if (isZip(bytes)) return inspectPackage(toContent(bytes), null, depth + 1)
  return isXml(name) ? findXmlReason(name, bytes) : null
}
