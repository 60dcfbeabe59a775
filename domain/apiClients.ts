/** What a machine of a district may be allowed (RFC 6749, 3.3). Neither reads a word that people wrote. */
export const apiScopes = ['roster.read', 'roster.write'] as const
export type ApiScope = (typeof apiScopes)[number]

export const apiClientLimits = {
  nameCharactersMax: 100,
  /** Open ones of a district: one for each system that sends, and some to spare. */
  clientsMax: 20,
  tokenSeconds: 3_600,
  /** How long the secret of before still holds after a rotation, unless said otherwise, so that both sides can change over. */
  overlapSecondsDefault: 86_400,
  overlapSecondsMax: 7 * 86_400,
} as const

/**
 * The scopes that a token gets: those that were asked for, or all of the client's. Null when one is asked for that the client does not have.
 * @param asked as `scope` of RFC 6749: words between blanks; undefined or blank asks for all.
 */
export const toGrantedScopes = (held: readonly ApiScope[], asked: string | undefined): ApiScope[] | null => {
  const words = (asked ?? '').split(' ').filter((word) => word !== '')
  if (words.length === 0) return [...held]
  return words.every((word) => held.some((scope) => scope === word)) ? held.filter((scope) => words.includes(scope)) : null
}
