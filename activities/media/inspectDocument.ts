import type { RefusalReason } from '../../domain/attachment.ts'
import { isCompoundFile } from './compoundFile.ts'
import { findPartReason, findXmlReason } from './documentRules.ts'
import { openPackage, PackageRefused } from './openPackage.ts'
import { createTypeCheck } from './packageType.ts'

/** An embedded document may hold another, and no more. */
const depthMax = 2

/**
 * Whether an Office document (OOXML or ODF) is what it claims to be, can be read whole, and has nothing in it that runs: no macros,
 * ActiveX, OLE objects, programs, DDE, and no template or object taken from elsewhere. Embedded documents (the sheet behind a
 * chart) are allowed and inspected alike.
 */
export const inspectDocument = async (content: Buffer, contentType: string): Promise<RefusalReason | null> => {
  try {
    return await inspectPackage(content, contentType, 0)
  } catch (error) {
    if (error instanceof PackageRefused) return error.reason
    throw error
  }
}

const inspectPackage = async (content: Buffer, contentType: string | null, depth: number): Promise<RefusalReason | null> => {
  if (depth > depthMax) return 'engine-limits'
  const { names, parts } = await openPackage(content)
  for (const name of names) {
    const reason = findPartReason(name)
    if (reason !== null) return reason
  }
  const type = createTypeCheck()
  for await (const { name, bytes } of parts()) {
    const reason = await inspectPart(name, bytes, depth)
    if (reason !== null) return reason
    type.see(name, bytes)
  }
  return contentType === null || type.is(contentType) ? null : 'type-mismatch'
}

const zipMagic = Buffer.from('PK\x03\x04')
const programMagics = [Buffer.from('MZ'), Buffer.from('\x7fELF', 'latin1'), Buffer.from('#!')]

const inspectPart = async (name: string, bytes: Buffer, depth: number): Promise<RefusalReason | null> => {
  if (isCompoundFile(bytes)) return 'active-content'
  if (programMagics.some((magic) => bytes.subarray(0, magic.length).equals(magic))) return 'active-content'
  if (bytes.subarray(0, zipMagic.length).equals(zipMagic)) return inspectPackage(bytes, null, depth + 1)
  return /\.(xml|rels|vml|rdf)$/i.test(name) ? findXmlReason(name, bytes) : null
}
