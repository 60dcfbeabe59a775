import { readContent, type Content } from './content.ts'
import { listPlaces } from './listPlaces.ts'

const magic = Buffer.from('d0cf11e0a1b11ae1', 'hex')

/** Whether what begins so is an OLE compound file: old Office documents, embedded objects, and encrypted new ones. */
export const isCompoundFile = (start: Buffer): boolean => start.subarray(0, magic.length).equals(magic)

/** An encrypted Office package is a compound file with this stream in it (MS-OFFCRYPTO 1.3.2); ODF has its own way. */
export const isEncryptedCompoundFile = (content: Content): boolean =>
  isCompoundFile(readContent(content, 0, magic.length)) &&
  listPlaces(content, Buffer.from('EncryptedPackage', 'utf16le')).next().done !== true
