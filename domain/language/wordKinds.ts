import { concernKinds } from '../report.ts'

/** What a word of a district does: its author is asked once more, or a concern of that kind is raised. */
export const wordKinds = ['nudge', ...concernKinds] as const
export type WordKind = (typeof wordKinds)[number]

/** What a district adds to the lists, of whatever language. */
export type DistrictWords = Readonly<Record<WordKind, readonly string[]>>

export const noDistrictWords: DistrictWords = { nudge: [], 'self-harm': [], abuse: [], threat: [], grooming: [] }
