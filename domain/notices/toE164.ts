/**
 * A phone number of a roster as text messages are addressed (ITU-T E.164), or null for what is none that we write to: an extension, two numbers, a number without its area, or one
 * of a country that does not share the numbers of the United States, where messages are sent (law 12). Letters are never read as digits.
 */
export const toE164 = (written: string): string | null => {
  const bare = written.trim().replace(/[\s().\-/\u00A0\u2010-\u2013]/g, '')
  const national = /^(?:\+?1)?([2-9]\d{2}[2-9]\d{6})$/.exec(bare)?.[1]
  return national === undefined ? null : `+1${national}`
}
