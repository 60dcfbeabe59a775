/**
 * The life cycle of an attachment, as tables. An attachment is the row; the bytes are objects.
 *
 *   awaiting-upload ──complete──▶ scanning ──clean──▶ clean
 *        │                           ├──infected──▶ quarantined
 *        │ no object in time         ├──unscannable──▶ refused
 *        ▼                           └──our own incurable fault──▶ failed
 *     expired            clean ──a later database finds malware──▶ quarantined
 *                               (any but expired and quarantined) ──uploader deletes──▶ deleted
 */
export const attachmentStates = ['awaiting-upload', 'scanning', 'clean', 'quarantined', 'refused', 'expired', 'failed', 'deleted'] as const
export type AttachmentState = (typeof attachmentStates)[number]

/** States that no workflow leaves by itself. */
export const attachmentEnds = ['clean', 'quarantined', 'refused', 'expired', 'failed', 'deleted'] as const satisfies AttachmentState[]

export const verdicts = ['clean', 'infected', 'unscannable'] as const
/** What the inspection found. `unscannable` is what could not be inspected in full or is not what it claims: refused, never passed (law 4). */
export type Verdict = (typeof verdicts)[number]

/** Why an attachment was refused. Shown to the uploader; carries no content. */
export const refusalReasons = [
  'empty',
  'too-large',
  'type-not-allowed',
  'type-mismatch',
  'encrypted',
  'engine-limits',
  'image-unreadable',
  'image-too-many-pixels',
  'text-not-utf8',
  'macros',
  'media-unreadable',
  'document-unreadable',
  'active-content',
] as const
export type RefusalReason = (typeof refusalReasons)[number]

/**
 * What came of looking again at a file that is clean, when it stays so: `passed`; `not-inspected`, when the engine did not look at everything
 * (docs/decisions/re-scan.md says why the file stays); `unreadable`, when its object is gone or does not open.
 */
export const rescanOutcomes = ['passed', 'not-inspected', 'unreadable'] as const
export type RescanOutcome = (typeof rescanOutcomes)[number]

/** Where each verdict leads. One to one, so that no verdict can lead to a clean row but `clean`. */
export const stateAfterVerdict = { clean: 'clean', infected: 'quarantined', unscannable: 'refused' } as const satisfies Record<
  Verdict,
  AttachmentState
>

/** Which states an act may start from. Every write is a compare-and-set against this table. */
export const attachmentActions = {
  complete: ['awaiting-upload'],
  reopenTicket: ['scanning'],
  expire: ['awaiting-upload'],
  recordVerdict: ['scanning'],
  fail: ['scanning'],
  replay: ['failed', 'scanning'],
  download: ['clean'],
  rescan: ['clean'],
  withdraw: ['clean'],
  post: ['awaiting-upload', 'scanning', 'clean'],
  delete: ['awaiting-upload', 'scanning', 'clean', 'refused', 'failed'],
} as const satisfies Record<string, AttachmentState[]>
export type AttachmentAction = keyof typeof attachmentActions

/** What everyone but the uploader may be shown of a posted attachment: the state without the reason or the name. */
export type OthersView = 'being-checked' | 'available' | 'removed'
export const toOthersView = (state: AttachmentState): OthersView => {
  if (state === 'clean') return 'available'
  if (state === 'awaiting-upload' || state === 'scanning') return 'being-checked'
  return 'removed'
}
