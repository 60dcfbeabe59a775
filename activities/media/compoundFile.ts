const magic = Buffer.from('d0cf11e0a1b11ae1', 'hex')

/** Whether the bytes begin as an OLE compound file: old Office documents, embedded objects, and encrypted new ones. */
export const isCompoundFile = (content: Buffer): boolean => content.subarray(0, magic.length).equals(magic)

/** An encrypted Office package is a compound file with this stream in it (MS-OFFCRYPTO 1.3.2); ODF has its own way. */
export const isEncryptedCompoundFile = (content: Buffer): boolean =>
  isCompoundFile(content) && content.includes(Buffer.from('EncryptedPackage', 'utf16le'))
