import type { LostKind, RosterName } from '../../domain/translation/lostKind.ts'

/** A text to translate, and what is known to stand in it that has to come through. */
export type Sample = { source: string; target: string; text: string; names: RosterName[]; planted: { kind: LostKind; text: string }[] }

/** As the Census and schools have them, with those that are words: half of the trouble. */
const givenNames =
  'Ana Mark Rose Will Grace Hope Xiomara Nguyen Luz Paz Angel Mercy Hunter Chase Zoë José Mary-Kate Ahmed Wei D’Angelo Björk April June Frank Dolores'.split(
    ' ',
  )
const familyNames = 'García Quispe King Young Park Cruz Iglesias O’Neil Brown Flores Nguyễn Al-Sayed Smith León Price'.split(' ')
const sections = ['Algebra I - Period 2', 'Grade 3 Reading', 'AP US History', 'Ms. Rose’s Homeroom', 'Band (Brass)', 'English 9 Honors']

const templates: Readonly<Record<string, readonly string[]>> = {
  en: [
    'Please tell {name} that the bus leaves at {time}.',
    '{name} was absent on {date} and missed {number} pages of homework.',
    'The field trip costs {number}; the form is at {link}.',
    'Call me at {phone} or write to {email} before {date}.',
    '{name}’s test in {section} is on {date} at {time}.',
    'In {section} we read {number} pages, and {name} read all of them.',
    'Did {name} bring the {number} back? If not, see {link}.',
    '{name} and {name} will work together in {section}.',
    'We meet at {time} in room {number}; {name} knows where.',
    'Great job, {name}! You have {number} of the points.',
  ],
  es: [
    'Por favor diga a {name} que el autobús sale a las {time}.',
    '{name} faltó el {date} y le faltan {number} páginas de tarea.',
    'La excursión cuesta {number}; el formulario está en {link}.',
    'Llámeme al {phone} o escriba a {email} antes del {date}.',
    'El examen de {name} en {section} es el {date} a las {time}.',
    '¿Trajo {name} los {number}? Si no, vea {link}.',
    '{name} y {name} trabajan juntos en {section}.',
    '¡Muy bien, {name}! Tiene {number} de los puntos.',
  ],
  ca: [
    'Si us plau, digueu a {name} que l’autobús surt a les {time}.',
    '{name} va faltar el {date} i li falten {number} pàgines.',
    'L’examen de {name} a {section} és el {date}.',
  ],
}
const ways = [
  ['en', 'es'],
  ['en', 'ca'],
  ['es', 'en'],
  ['es', 'ca'],
  ['ca', 'en'],
] as const

/** The same numbers from the same seed (mulberry32). */
const createDraw = (seed: number) => {
  let state = seed
  return (below: number): number => {
    state = (state + 0x6d2b79f5) | 0
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state)
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed
    return ((mixed ^ (mixed >>> 14)) >>> 0) % below
  }
}

type Draw = (below: number) => number
const two = (value: number): string => String(value).padStart(2, '0')
const pick = (draw: Draw, list: readonly string[]): string => list[draw(list.length)] ?? ''
const oneOf = (draw: Draw, make: readonly (() => string)[]): string => make[draw(make.length)]?.() ?? ''

const makers: Readonly<Record<LostKind, (draw: Draw) => string>> = {
  name: (draw) => (draw(2) === 0 ? pick(draw, givenNames) : `${pick(draw, givenNames)} ${pick(draw, familyNames)}`),
  section: (draw) => pick(draw, sections),
  number: (draw) =>
    oneOf(draw, [
      () => `${draw(900) + 2}`,
      () => `$${draw(90) + 1},${draw(900) + 100}.50`,
      () => `${draw(8) + 1}/${draw(8) + 2}`,
      () => `${draw(100)} %`,
      () => `B${draw(90)}`,
      () => `${draw(9)}.${draw(99)}`,
    ]),
  date: (draw) =>
    oneOf(draw, [
      () => `${draw(12) + 1}/${draw(28) + 1}/2026`,
      () => `2026-${two(draw(12) + 1)}-${two(draw(28) + 1)}`,
      () => `${two(draw(28) + 1)}.${two(draw(12) + 1)}.26`,
    ]),
  time: (draw) =>
    oneOf(draw, [
      () => `${draw(12) + 1}:${two(draw(60))} pm`,
      () => `${draw(24)}:${two(draw(60))}`,
      () => `${draw(12) + 1} a.m.`,
      () => `${draw(24)}h${two(draw(60))}`,
    ]),
  link: (draw) =>
    oneOf(draw, [
      () => `https://school.example.org/forms/${draw(9999)}?class=the-house`,
      () => `www.example.com/trip-${draw(99)}`,
      () => 'lunch.example.org/menu',
    ]),
  email: (draw) => `${pick(draw, ['office', 'will.smith', 'the_nurse', 'band+brass'])}@school${draw(9)}.example.org`,
  phone: (draw) =>
    oneOf(draw, [
      () => `(555) 01${draw(9)}-${1000 + draw(9000)}`,
      () => `555-01${draw(9)}-${1000 + draw(9000)}`,
      () => `+1 555 01${draw(9)} ${1000 + draw(9000)}`,
    ]),
}

/** `count` sentences of a school, of every way that the stack can translate and of everything that has to come through; the same ones at every run. */
export const makeSentences = (count: number): Sample[] => {
  const draw = createDraw(20_26)
  return Array.from({ length: count }, (_, index) => {
    const [source, target] = ways[index % ways.length] ?? ['en', 'es']
    const planted: Sample['planted'] = []
    const text = pick(draw, templates[source] ?? []).replaceAll(/\{([a-z]+)\}/g, (_whole, kind: LostKind) => {
      const one = makers[kind](draw)
      planted.push({ kind, text: one })
      return one
    })
    const names = planted.flatMap(({ kind, text: name }): RosterName[] =>
      kind === 'name' || kind === 'section' ? [{ kind, text: name }] : [],
    )
    return { source, target, text, names, planted }
  })
}
