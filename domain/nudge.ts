/** What became of the question whether somebody means to post a text: it was asked, another text was posted, or the same one was. */
export const nudgeOutcomes = ['nudged', 'revised', 'posted-anyway'] as const
export type NudgeOutcome = (typeof nudgeOutcomes)[number]

/** Whoever thinks for longer is asked again. */
export const nudgeMinutes = 15
