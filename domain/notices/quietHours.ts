/**
 * Minutes of the day, in the district's time zone, from which and until which nobody is written to. Over midnight when it ends before it begins;
 * never when both are the same.
 */
export type QuietHours = { from: number; until: number }

/** A district that says nothing keeps the night quiet. */
export const quietHoursDefault: QuietHours = { from: 21 * 60, until: 7 * 60 }

/** `21:00` as minutes of the day. */
export const parseTimeOfDay = (text: string): number => Number(text.slice(0, 2)) * 60 + Number(text.slice(3, 5))

export const toTimeOfDay = (minutes: number): string =>
  `${String(Math.floor(minutes / 60)).padStart(2, '0')}:${String(minutes % 60).padStart(2, '0')}`
