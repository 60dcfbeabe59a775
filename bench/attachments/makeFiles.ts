import { randomBytes } from 'node:crypto'

export type BenchFile = { content: Buffer; contentType: string; fileName: string }

/** A page whose picture nobody can pack smaller: valid, and never the same twice. An engine remembers what it found clean. */
export const makeBenchPdf = (bytes: number): BenchFile => {
  // Letters and digits only: raw noise now and then spells a name that a PDF must not carry.
  const picture = randomBytes(Math.ceil((bytes * 3) / 4))
    .toString('hex')
    .slice(0, bytes)
  const objects = [
    '<< /Type /Catalog /Pages 2 0 R >>',
    '<< /Type /Pages /Kids [3 0 R] /Count 1 >>',
    '<< /Type /Page /Parent 2 0 R /MediaBox [0 0 612 792] /Contents 4 0 R >>',
    `<< /Length ${picture.length} >>\nstream\n${picture}\nendstream`,
  ]
  let text = '%PDF-1.7\n'
  const offsets = objects.map((object, index) => {
    const offset = text.length
    text += `${index + 1} 0 obj\n${object}\nendobj\n`
    return offset
  })
  const start = text.length
  text += `xref\n0 ${objects.length + 1}\n0000000000 65535 f \n`
  text += offsets.map((offset) => `${String(offset).padStart(10, '0')} 00000 n \n`).join('')
  text += `trailer\n<< /Size ${objects.length + 1} /Root 1 0 R >>\nstartxref\n${start}\n%%EOF\n`
  return { content: Buffer.from(text, 'latin1'), contentType: 'application/pdf', fileName: 'bench.pdf' }
}

/** UTF-8 with letters of two and three bytes in every line. */
export const makeBenchText = (bytes: number): BenchFile => {
  const lines =
    randomBytes(Math.ceil(bytes / 2))
      .toString('base64')
      .match(/.{1,72}/g) ?? []
  const content = Buffer.from(lines.map((line) => `${line} é 語`).join('\n'))
  let end = Math.min(bytes, content.length)
  // Not in the middle of a letter.
  while (end > 0 && ((content[end] ?? 0) & 0xc0) === 0x80) end -= 1
  return { content: content.subarray(0, end), contentType: 'text/plain', fileName: 'bench.txt' }
}

export const benchKinds = { pdf: makeBenchPdf, text: makeBenchText } as const
export type BenchKind = keyof typeof benchKinds
