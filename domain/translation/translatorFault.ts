/**
 * Why a translator gave no translation. None of them quotes what was to be translated: what a provider says of a fault may.
 */

/** `throttled`: too many at once. `unavailable`: not reached, too slow, or a fault of the provider's. Ask again later. */
export class TranslatorUnavailable extends Error {
  override readonly name = 'TranslatorUnavailable'
  readonly reason: 'throttled' | 'unavailable'

  constructor(reason: 'throttled' | 'unavailable', code: string) {
    super(`the translator gave no translation: ${code}`)
    this.reason = reason
  }
}

/** The provider will never translate this: it does not have the pair of languages, or the text is longer than it takes at once. */
export class TranslationImpossible extends Error {
  override readonly name = 'TranslationImpossible'
  readonly reason: 'unsupported-pair' | 'too-long'

  constructor(reason: 'unsupported-pair' | 'too-long') {
    super(`no translation: ${reason}`)
    this.reason = reason
  }
}

/** The provider answers, but not to us: credentials, permissions or settings of ours. Somebody has to mend it. */
export class TranslatorMisconfigured extends Error {
  override readonly name = 'TranslatorMisconfigured'
}
