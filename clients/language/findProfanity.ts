import { DataSet, RegExpMatcher, englishDataset, englishRecommendedTransformers, pattern } from 'obscenity'
import type { Span } from '../../domain/language/foldText.ts'

/** What a body, a lesson or a name is called is no profanity in a school; some of these come back below, more narrowly. */
const notInSchools: ReadonlySet<string> = new Set([
  'abo',
  'anus',
  'cock',
  'cum',
  'dick',
  'dyke',
  'ejaculate',
  'fuck',
  'hooker',
  'incest',
  'masturbate',
  'negro',
  'orgasm',
  'orgy',
  'penis',
  'porn',
  'prick',
  'rape',
  'scat',
  'semen',
  'sex',
  'spastic',
  'tit',
  'vagina',
])

/** Ordinary words and names in which the library finds something. */
const ordinary = [
  'assess',
  'assyr',
  'asst',
  'assgn',
  'booby trap',
  'booby-trap',
  'boobook',
  'footed boob',
  'chink in',
  'cuckold',
  'fagin',
  'kike hern',
  'mishit',
  'niggard',
  'pissar',
  'pussycat',
  'pussy cat',
  'pussy willow',
  'pussywillow',
  'retardan',
  'retardat',
  'shiitake',
  'titter',
  'f ck',
] as const

const dataset = new DataSet<{ originalWord: string }>()
  .addAll(englishDataset)
  .removePhrasesIf((phrase) => notInSchools.has(phrase.metadata?.originalWord ?? ''))
  .addPhrase((phrase) =>
    phrase
      .addPattern(pattern`f[?]ck`)
      .addPattern(pattern`|fuk|`)
      .addPattern(pattern`|fuking`)
      .addPattern(pattern`|fuker`)
      .addPattern(pattern`|stfu|`)
      .addWhitelistedTerm('fick'),
  )
  .addPhrase((phrase) =>
    phrase
      .addPattern(pattern`dumbass`)
      .addPattern(pattern`jackass`)
      .addPattern(pattern`fatass`)
      .addPattern(pattern`smartass`),
  )
  .addPhrase((phrase) =>
    phrase
      .addPattern(pattern`|cock|`)
      .addPattern(pattern`cocksuck`)
      .addWhitelistedTerm('cock-a-doodle'),
  )
  .addPhrase((phrase) =>
    phrase
      .addPattern(pattern`|cumshot`)
      .addPattern(pattern`|cumming|`)
      .addPattern(pattern`|cumdump`),
  )
  .addPhrase((phrase) =>
    phrase
      .addPattern(pattern`dickhead`)
      .addPattern(pattern`|dickwad`)
      .addPattern(pattern`suck my dick`)
      .addPattern(pattern`a dick|`)
      .addPattern(pattern`|dicks|`)
      .addPattern(pattern`your dick|`)
      .addPattern(pattern`my dick|`),
  )
  .addPhrase((phrase) =>
    phrase
      .addPattern(pattern`|porno`)
      .addPattern(pattern`|porn|`)
      .addPattern(pattern`pornhub`),
  )
  .addPhrase((phrase) =>
    phrase
      .addPattern(pattern`|tits|`)
      .addPattern(pattern`|titties`)
      .addPattern(pattern`|titty`),
  )
  .addPhrase((phrase) => {
    for (const word of ordinary) phrase.addWhitelistedTerm(word)
    return phrase
  })

const matcher = new RegExpMatcher({ ...dataset.build(), ...englishRecommendedTransformers })

/** What the library reads as letters may be numbers, or the brackets of a function: more than half of a word are letters. */
const isWritten = (text: string): boolean => !/[()]/.test(text) && 2 * (text.match(/\p{L}/gu)?.length ?? 0) > text.length

/** Where English profanity stands in a text, also stretched, in the letters of other alphabets or with numbers in place of letters. */
export const findProfanity = (text: string): Span[] =>
  matcher
    .getAllMatches(text, true)
    .map(({ startIndex, endIndex }) => ({ start: startIndex, end: endIndex + 1 }))
    .filter(({ start, end }) => isWritten(text.slice(start, end)))
