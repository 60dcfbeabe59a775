import { setTimeout as wait } from 'node:timers/promises'
import { createClient, type ApiClient } from '../../api/client.ts'
import type { TranslationView } from '../../api/schemas/translationSchema.ts'
import type { TranslationAddress } from '../../stack/servers/translation.ts'
import type { OpenDistrict } from '../district/openSampleDistricts.ts'
import { findNamedAfterAWord, type NamedAfterAWord } from './findNamedAfterAWord.ts'
import { playSteps, type Step } from './playSteps.ts'
import type { Shown } from './scene.ts'

type Stage = {
  apiUrl: string
  district: OpenDistrict
  administrator: ApiClient
  translation: TranslationAddress
  patienceMs: number
  signal: AbortSignal
}

/** Who is in it, signed in. */
type Cast = NamedAfterAWord & Record<'asTeacher' | 'asSpanish' | 'asCatalan', ApiClient>

/** A text as its reader is shown it. */
type Read = { text: string | null; language: string; translation: TranslationView | null }

const time = '9:30'
const announced = (name: string): string =>
  `Good morning! On Thursday at ${time} ${name} will read her story to the class. Families can come.`
const answered = (name: string): string => `Muchas gracias. Vamos a la escuela el jueves a las ${time} con la abuela de ${name}.`

/** What a translation is by, from which language into which, and whether the name and the time in it are as they were written. */
const describe = ({ text, language, translation }: Read, original: string, name: string): string => {
  if (translation === null) return 'no translation'
  const kept = [name, time].filter((word) => translation.text.includes(word) && !translation.lost.includes('name'))
  const isBeside = text === original && translation.text !== original
  return `${language} to ${translation.language} by ${translation.provider}, kept: ${kept.join(' and ')}, original ${isBeside ? 'beside it' : 'missing'}`
}
const isKept = (way: string, name: string): string => `${way} by Apertium, kept: ${name} and ${time}, original beside it`

/** A translation comes when it is there: nobody asked for it. */
const awaitTranslation = async (read: () => Promise<Read | null>, { patienceMs, signal }: Stage): Promise<Read | null> => {
  const until = performance.now() + patienceMs
  for (;;) {
    const found = await read()
    if ((found !== null && found.translation !== null) || performance.now() > until) return found
    await wait(200, undefined, { signal })
  }
}

const readAnnouncement = (client: ApiClient, id: string) => async (): Promise<Read | null> => {
  const answer = await client.v1.announcements[':id'].$get({ param: { id } })
  return answer.status === 200 ? answer.json() : null
}

const announce = async ({ asTeacher, section, student }: Cast): Promise<string | null> => {
  const sections = await asTeacher.v1.sections.$get({ query: { limit: '100' } })
  if (sections.status !== 200) return null
  const found = (await sections.json()).items.find(({ isTeacher, title }) => isTeacher && title === section.title)
  const json = { text: announced(student.givenName), recipients: 'guardians' as const, attachmentIds: [] }
  const posted = await asTeacher.v1.sections[':id'].announcements.$post({ param: { id: found?.id ?? '' }, json })
  return posted.status === 201 ? (await posted.json()).id : null
}

/** Answers the message as its teacher reads it at any moment, or the status of what was refused. */
const answer = async ({ asTeacher, asSpanish, student }: Cast, announcementId: string): Promise<(() => Promise<Read | null>) | string> => {
  const announcement = await asSpanish.v1.announcements[':id'].$get({ param: { id: announcementId } })
  const [child] = announcement.status === 200 ? (await announcement.json()).children : []
  const opened = await asSpanish.v1.announcements[':id'].reply.$post({ param: { id: announcementId }, json: { studentId: child?.id } })
  if (opened.status !== 201) return `HTTP ${opened.status}`
  const { id } = await opened.json()
  const posted = await asSpanish.v1.channels[':id'].messages.$post({ param: { id }, json: { text: answered(student.givenName) } })
  if (posted.status !== 201) return `HTTP ${posted.status}`
  const message = await posted.json()
  return async () => {
    const page = await asTeacher.v1.channels[':id'].messages.$get({ param: { id }, query: { limit: '50' } })
    return page.status === 200 ? ((await page.json()).items.find((one) => one.id === message.id) ?? null) : null
  }
}

const prefer = async (people: readonly [ApiClient, string][]): Promise<string> => {
  const answers = await Promise.all(people.map(([client, language]) => client.v1.me.language.$put({ json: { language } })))
  return answers.map(({ status }) => status).join(', ')
}

/** Of a stack that cannot translate: everything is read as it was written, and who asks is told that there is nothing to be had now. */
const readUntranslated = ({ patienceMs, signal }: Stage, cast: Cast, announcementId: () => string): Step[] => [
  [
    'a guardian reads it as it was written',
    'the original alone',
    async () => {
      const read = await readAnnouncement(cast.asSpanish, announcementId())()
      return read?.text === announced(cast.student.givenName) && read.translation === null ? 'the original alone' : 'something else'
    },
  ],
  [
    'and is told when asking for Spanish that there are no translations now',
    'HTTP 503',
    async () => {
      const asked = { param: { id: announcementId() }, json: { language: 'es' } }
      const until = performance.now() + patienceMs
      for (;;) {
        const { status } = await cast.asSpanish.v1.announcements[':id'].translations.$post(asked)
        // A machine that has much to do has not found out yet.
        if (status !== 202 || performance.now() > until) return `HTTP ${status}`
        await wait(200, undefined, { signal })
      }
    },
  ],
]

const readTranslated = (
  stage: Stage,
  cast: Cast,
  announcementId: () => string,
  quote: (who: string, read: Read | null) => void,
): Step[] => {
  const name = cast.student.givenName
  const reads = (who: string, client: ApiClient) => async () => {
    const read = await awaitTranslation(readAnnouncement(client, announcementId()), stage)
    quote(who, read)
    return read === null ? 'not shown' : describe(read, announced(name), name)
  }
  return [
    ['a guardian reads it in Spanish, without asking', isKept('en to es', name), reads('in Spanish', cast.asSpanish)],
    ['a guardian of another child reads it in Catalan', isKept('en to ca', name), reads('in Catalan', cast.asCatalan)],
    [
      'the first answers in Spanish, and the teacher reads it in English',
      isKept('es to en', name),
      async () => {
        const find = await answer(cast, announcementId())
        if (typeof find === 'string') return find
        const read = await awaitTranslation(find, stage)
        quote('the answer', read)
        return read === null ? 'not shown' : describe(read, answered(name), name)
      },
    ],
  ]
}

/**
 * A teacher writes once, in English; guardians read it in the languages that they prefer, and one answers in theirs. The name of a child that is a word too stays a name. Where the
 * stack has no translator, what is written is read as it was written.
 */
export const homeLanguages = async (stage: Stage): Promise<Shown> => {
  const { apiUrl, district, administrator, translation } = stage
  const named = findNamedAfterAWord(district.rows)
  if (named === null) throw new Error('in the sample district nobody’s name is a word')
  const open = async ({ sourcedId }: { sourcedId: string }): Promise<ApiClient> => createClient(apiUrl, await district.signIn(sourcedId))
  const cast: Cast = {
    ...named,
    asTeacher: await open(named.teacher),
    asSpanish: await open(named.guardian),
    asCatalan: await open(named.otherGuardian),
  }
  let announcementId = ''
  const quotes: string[] = []
  const quote = (who: string, read: Read | null): void => {
    if (read !== null && read.translation !== null) quotes.push(`${who}: “${read.translation.text}” for “${read.text}”`)
  }
  const checks = await playSteps([
    [
      'the district switches translations on everywhere',
      'HTTP 200',
      async () => {
        const param = { districtId: district.districtId, feature: 'translations' as const }
        const json = { everywhere: true, schoolIds: [], reason: 'Families read in their own languages' }
        return `HTTP ${(await administrator.v1.districts[':districtId'].features[':feature'].$put({ param, json })).status}`
      },
    ],
    [
      'a teacher and two guardians say which language they prefer',
      '204, 204, 204',
      () =>
        prefer([
          [cast.asTeacher, 'en'],
          [cast.asSpanish, 'es'],
          [cast.asCatalan, 'ca'],
        ]),
    ],
    [
      'the teacher announces in English to the guardians of a section',
      'announced',
      async () => {
        const id = await announce(cast)
        if (id !== null) announcementId = id
        return id === null ? 'refused' : 'announced'
      },
    ],
    ...(translation.endpoint === null
      ? readUntranslated(stage, cast, () => announcementId)
      : readTranslated(stage, cast, () => announcementId, quote)),
  ])
  const { teacher, section, student } = named
  const where = `${teacher.givenName} ${teacher.familyName} wrote to ${section.title}, of ${student.givenName} ${student.familyName} among others`
  const off = translation.endpoint === null ? [`translations are off on this machine: ${translation.problem}`] : []
  return { checks, notes: [where, ...quotes, ...off] }
}
