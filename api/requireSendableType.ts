import { findFileType, findTypeAdvice, toExtension, type FileType } from '../domain/fileTypes.ts'
import { Refusal } from '../domain/refusal.ts'

const refuse = (fileName: string, field: string, message: string): never => {
  throw new Refusal('file-type-not-allowed', findTypeAdvice(fileName) ?? message, { field })
}

const requireType = ({ fileName, contentType }: { fileName: string; contentType: string }): FileType =>
  findFileType(contentType) ?? refuse(fileName, '/contentType', 'Files of this type cannot be sent.')

/**
 * The listed content type of a file whose name and declared type agree. The bytes are looked at later, by the scan.
 * @throws {Refusal} `file-type-not-allowed`, with what to do about it where there is something.
 */
export const requireSendableType = (file: { fileName: string; contentType: string }): string => {
  const type = requireType(file)
  if (!type.extensions.includes(toExtension(file.fileName))) {
    refuse(file.fileName, '/fileName', `A file of this type is named .${type.extensions.join(' or .')}.`)
  }
  return type.contentType
}
