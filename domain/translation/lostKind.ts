/** What has to come through a translation unchanged; a reader is warned of each kind that did not. */
export const lostKinds = ['name', 'number', 'date', 'time', 'link', 'email', 'phone', 'section'] as const
export type LostKind = (typeof lostKinds)[number]

/** What a reader is warned of: a `line` was not translated, and stands there as it was written. */
export type WarnedKind = LostKind | 'line'

/** A name that the roster knows, as it writes it. */
export type RosterName = { kind: 'name' | 'section'; text: string }

/**
 * A part of a text that stays as it is: from `start`, up to but without `end`, in UTF-16 code units. `picture`: emoji, which nobody is warned of. `isHeld`: kept from the translator behind
 * a placeholder; else it is left in the text, since the words around it have to fit, and its digits are looked for afterwards.
 */
export type ProtectedSpan = { kind: LostKind | 'picture'; start: number; end: number; isHeld: boolean }
