import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { openTranslationRoom, type TranslationRoom } from '../support/translationRoom.ts'

let room: TranslationRoom
beforeAll(async () => {
  room = await openTranslationRoom()
  room.api.deps.pace.translationWaitMs = 0
})
afterAll(() => room?.close())
beforeEach(async () => {
  await query('delete from user_translation_usage')
  await query('delete from translation_usage')
  await query('update districts set person_translations_per_day = 200, translation_budget = null where id = $1')
})

/** Of the district, whose id is `$1` where it is asked for. */
const query = async (text: string, values: unknown[] = []) =>
  (await room.database.superuser.query(text, text.includes('$1') ? [room.district.districtId, ...values] : [])).rows

const allow = (perDay: number) => query('update districts set person_translations_per_day = $2 where id = $1', [perDay])
const askAll = async (id: string, languages: readonly string[]): Promise<number[]> => {
  const answers = await Promise.all(languages.map((language) => room.ask(room.student, id, language)))
  return answers.map(({ status }) => status).toSorted((one, other) => one - other)
}

/** As if the district had used so much of a month's budget, and its administrators had been told that it is all. */
const useUp = (budget: number, used: number) =>
  query(
    `with d as (update districts set translation_budget = $2 where id = $1 returning id, time_zone)
     insert into translation_usage (district_id, month, characters, warned_at, exhausted_at)
     select id, date_trunc('month', now() at time zone time_zone)::date, $3, now(), now() from d`,
    [budget, used],
  )

describe('what one person asks for in a day', () => {
  test('is never more than their district allows, however much at once, and what is refused leaves nothing behind', async () => {
    const id = await room.post()
    await allow(3)
    expect(await askAll(id, ['fr', 'de', 'it', 'pt', 'ca', 'ko'])).toEqual([202, 202, 202, 429, 429, 429])
    // That into the student's language was asked for by nobody.
    expect(await room.translationsOf(id)).toHaveLength(1 + 3)
    const refused = await room.ask(room.student, id, 'vi')
    expect(refused).toMatchObject({ status: 429, body: { code: 'person-translation-quota' } })
    expect(Number(refused.headers.get('Retry-After'))).toBeGreaterThan(86_400 / 3 - 600)
    expect(await room.translationsOf(id)).not.toContain('vi pending')
  })

  test('counts what they made be translated: not what is there or being made, nor what is posted, nor what somebody else asks for', async () => {
    await allow(1)
    const id = await room.post()
    await room.plant({ message: id }, 'fr')
    expect(await askAll(id, ['fr', 'fr', 'es-MX', 'es-MX'])).toEqual([200, 200, 202, 202])
    expect(await askAll(id, ['de'])).toEqual([202])
    expect(await askAll(id, ['de'])).toEqual([202])
    expect(await askAll(id, ['it'])).toEqual([429])
    expect(await room.translationsOf(await room.post('Muchas gracias por avisarnos, mañana llegaremos a tiempo', room.student))).toEqual([
      'en pending',
    ])
    expect((await room.ask(room.teacher, id, 'it')).status).toBe(202)
    expect(await askAll(id, ['it'])).toEqual([202])
  })

  test('has room again as the day passes', async () => {
    const id = await room.post()
    await allow(2)
    expect(await askAll(id, ['fr', 'de'])).toEqual([202, 202])
    expect(await askAll(id, ['it'])).toEqual([429])
    await query(`update user_translation_usage set as_of = as_of - interval '12 hours'`)
    expect(await askAll(id, ['it'])).toEqual([202])
    expect(await askAll(id, ['pt'])).toEqual([429])
  })
})

describe('once a month is used up', () => {
  test('nothing is begun that nobody asked for, what is posted is there all the same, and a greater budget ends it at once', async () => {
    await useUp(1_000, 990)
    expect(await room.translationsOf(await room.post())).toEqual([])
    await query('update districts set translation_budget = 2000 where id = $1')
    expect(await room.translationsOf(await room.post())).toEqual(['es-MX pending'])
  })

  test('what still fits is begun, and whoever asks is answered by a run, which says why there is nothing', async () => {
    await useUp(1_000, 500)
    expect(await room.translationsOf(await room.post())).toEqual(['es-MX pending'])
    await query('update translation_usage set characters = 1000')
    const id = await room.post()
    expect(await room.translationsOf(id)).toEqual([])
    expect(await askAll(id, ['es-MX'])).toEqual([202])
  })
})
