/** To whom of a section an announcement goes. Fixed when it is made; who they are is the live roster's to say, at every read. */
export const recipientKinds = ['students', 'guardians', 'both'] as const
export type RecipientKind = (typeof recipientKinds)[number]
