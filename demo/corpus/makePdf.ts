import { PDFDocument, PDFName, PDFString, StandardFonts, rgb } from 'pdf-lib'

const madeAt = new Date(0)

const startDocument = async (title: string): Promise<PDFDocument> => {
  const document = await PDFDocument.create({ updateMetadata: false })
  document.setTitle(title)
  document.setCreationDate(madeAt)
  document.setModificationDate(madeAt)
  return document
}

const finish = async (document: PDFDocument): Promise<Buffer> => Buffer.from(await document.save())

/** Plain pages of text. The standard fonts of PDF know Latin-1 only, so `lines` must be Latin-1. */
export const makeTextPdf = async (title: string, lines: readonly string[], pages = 1): Promise<Buffer> => {
  const document = await startDocument(title)
  const font = await document.embedFont(StandardFonts.Helvetica)
  for (let number = 1; number <= pages; number += 1) {
    const page = document.addPage([612, 792])
    page.drawText(title, { x: 56, y: 720, size: 20, font, color: rgb(0.1, 0.2, 0.4) })
    lines.forEach((line, index) => page.drawText(line, { x: 56, y: 684 - index * 18, size: 12, font }))
    page.drawText(`${number} / ${pages}`, { x: 540, y: 40, size: 10, font })
  }
  return finish(document)
}

/** A scanned worksheet: one picture on a page. */
export const makePicturePdf = async (jpeg: Buffer): Promise<Buffer> => {
  const document = await startDocument('Scan')
  const picture = await document.embedJpg(jpeg)
  const page = document.addPage([612, 792])
  page.drawImage(picture, { x: 56, y: 300, width: 500, height: 400 })
  return finish(document)
}

/** Encloses a file. `mimeType` stands in the dictionary before the packed bytes. */
export const makePdfWithFile = async (file: Buffer, fileName: string, mimeType: string): Promise<Buffer> => {
  const document = await startDocument('See the enclosed file')
  document.addPage([612, 792])
  await document.attach(file, fileName, { mimeType, creationDate: madeAt, modificationDate: madeAt })
  return finish(document)
}

/** Runs JavaScript when it is opened. */
export const makeScriptedPdf = async (): Promise<Buffer> => {
  const document = await startDocument('Open me')
  document.addPage([612, 792])
  const action = document.context.obj({ S: 'JavaScript', JS: PDFString.of("app.alert('opened')") })
  document.catalog.set(PDFName.of('OpenAction'), document.context.register(action))
  return finish(document)
}
