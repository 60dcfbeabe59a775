/**
 * Which of Apertium's modes translates from one of Amazon Translate's languages into another. Where it has pairs but translates badly enough to mislead,
 * as into Croatian, the direction is left out.
 */
const modes: Readonly<Record<string, string>> = {
  'en-es': 'eng-spa',
  'es-en': 'spa-eng',
  'en-ca': 'eng-cat',
  'ca-en': 'cat-eng',
  'hr-en': 'hbs-eng',
  'bs-en': 'hbs-eng',
  'is-en': 'isl-eng',
  'mk-en': 'mkd-eng',
}

/** Spanish of Mexico is a language of its own to Amazon Translate, and none to Apertium. */
const sameLanguage: Readonly<Record<string, string>> = { 'es-MX': 'es' }

/**
 * The modes that lead from `source` to `target`, one after the other: one, or two by way of English. Null when none of `installed` do.
 */
export const findModes = (source: string, target: string, installed: ReadonlySet<string>): string[] | null => {
  const from = sameLanguage[source] ?? source
  const to = sameLanguage[target] ?? target
  const direct = modes[`${from}-${to}`]
  const way = direct === undefined ? [modes[`${from}-en`], modes[`en-${to}`]] : [direct]
  const known = way.filter((mode) => mode !== undefined && installed.has(mode))
  return from !== to && known.length === way.length ? known.flatMap((mode) => mode ?? []) : null
}
