/** A language tag (BCP 47) in its canonical form, such as `es-MX`; null for what is none. */
export const toLanguageTag = (text: string): string | null => {
  if (!/^[A-Za-z]{2,3}(-[A-Za-z0-9]{2,8})*$/.test(text)) return null
  try {
    return Intl.getCanonicalLocales(text)[0] ?? null
  } catch {
    return null
  }
}
