import { fileTypeFromBlob } from 'file-type'
import { readContent, type Content } from './content.ts'

/**
 * What `file-type` takes the bytes for; null when it knows them not. A sniffer that trips over hostile bytes has not recognised them.
 * Of a Blob it asks for its size, type and slices alone (strtok3, BlobTokenizer), so the file need not be in memory.
 */
export const sniffType = async (content: Content): Promise<string | null> => {
  // As its reader of buffers has it: of one byte nothing is known.
  if (content.bytes < 2) return null
  const blob = {
    size: content.bytes,
    type: '',
    slice: (start: number, end: number) => ({ arrayBuffer: async () => readContent(content, start, end) }),
  } as unknown as Blob
  return (await fileTypeFromBlob(blob).catch(() => undefined))?.mime ?? null
}
