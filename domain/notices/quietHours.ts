/**
 * Minutes of the day, in the district's time zone, from which and until which nobody is written to. Over midnight when it ends before it begins;
 * never when both are the same.
 */
export type QuietHours = { from: number; until: number }

/** A district that says nothing keeps the night quiet. */
export const quietHoursDefault: QuietHours = { from: 21 * 60, until: 7 * 60 }
