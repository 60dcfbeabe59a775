import { uploadLimits } from './uploadLimits.ts'

/** Why a file name cannot be taken, as words for the person who chose it. */
export type FileNameFault = { code: 'too-long' | 'empty' | 'control-character' | 'direction-override' | 'not-unicode'; message: string }

/** C0, DEL, C1 and the line separators: they split headers, logs and terminals. */
// eslint-disable-next-line no-control-regex
const controls = /[\u0000-\u001f\u007f-\u009f\u2028\u2029]/

/** Bidirectional embeddings, overrides and isolates: `annexe‮txt.exe` shows as something that it is not. */
const directionOverrides = /[\u202a-\u202e\u2066-\u2069]/

/**
 * The fault of a file name, or null when it may be taken. A name is kept as it was given or refused with a reason, never
 * silently changed; path separators and quotes are harmless, since no name is ever used as a path and headers encode it.
 */
export const findFileNameFault = (fileName: string): FileNameFault | null => {
  if (fileName.trim() === '') return { code: 'empty', message: 'Give the file a name.' }
  if (!fileName.isWellFormed()) return { code: 'not-unicode', message: 'The file name is not valid Unicode text.' }
  if (Array.from(fileName).length > uploadLimits.fileNameCharactersMax) {
    return { code: 'too-long', message: `Shorten the file name to ${uploadLimits.fileNameCharactersMax} characters.` }
  }
  if (controls.test(fileName))
    return { code: 'control-character', message: 'Remove line breaks and control characters from the file name.' }
  if (directionOverrides.test(fileName)) {
    return { code: 'direction-override', message: 'Remove invisible text-direction characters from the file name.' }
  }
  return null
}
