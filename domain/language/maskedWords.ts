/** Words of which signs hide a letter or two, over a folded text. A product of two letters, as in algebra, is none. */
export const maskedWords: readonly RegExp[] = [
  /\bf(?:[*#_-]c|[*#_-]{2})k(?:s|er|ers|ed|in|ing)?(?!\w)/g,
  /\bf\*{3,}/g,
  /\bs(?:h[*#]|[*#]i|\*{2})t(?:s|ty|ting)?(?!\w)/g,
  /\bb(?:[*#]t|\*{2}t|\*{2,3})ch(?:es|y|ing)?(?!\w)/g,
  /\ba(?:[*#]s|s[*#]|\*{2})hole(?:s)?(?!\w)/g,
  /\bc(?:[*#]n|\*{2})t(?:s)?(?!\w)/g,
  /\bd[*#]ck(?:s|head|heads)?(?!\w)/g,
  /\bn[*#]{1,2}gg(?:a|as|er|ers)(?!\w)/g,
  /\bp[*#]ssy(?!\w)/g,
  /\bwh[*#]re(?:s)?(?!\w)/g,
  /\bf[*#]gg?(?:ot|ots)(?!\w)/g,
]
