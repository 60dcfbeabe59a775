import { v7 as newId } from 'uuid'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { TranslationFailure } from '../../domain/translation/translationState.ts'
import { createAttachmentWorld, type AttachmentWorld } from '../support/attachmentWorld.ts'
import { present } from '../support/present.ts'
import { readActs } from '../support/readOncallActs.ts'
import { askOncall, runOncall } from '../support/runOncall.ts'
import { createTranslationActs } from '../support/translationActs.ts'

// No relay and no worker runs in this world: runs are started and wait.
let world: AttachmentWorld
let acts: ReturnType<typeof createTranslationActs>

beforeAll(async () => {
  world = await createAttachmentWorld()
  acts = createTranslationActs(world)
})
afterAll(() => world?.close())

type State = 'pending' | 'failed' | 'cancelled'

/** A translation as its run, or nobody, left it. */
const add = async (state: State, failure: TranslationFailure = 'unavailable'): Promise<{ id: string; textId: string }> => {
  const textId = await acts.write('Something private.')
  const { translation } = present(await acts.request({ messageId: textId }))
  if (state !== 'pending')
    await world.database.superuser.query(`update translations set state = $2, reason = $3, finished_at = now() where id = $1`, [
      translation.id,
      state,
      state === 'failed' ? failure : 'not-shown',
    ])
  return { id: translation.id, textId }
}
const why = ['--apply', '--reason', 'the translator is back']
const runs = async (id: string) =>
  (await world.database.superuser.query<{ attempt: number; state: string }>('select attempt, state from translations where id = $1', [id]))
    .rows[0]

describe('translations list', () => {
  test('shows what waits and what failed, and why, but no text, and leaves out what was cancelled', async () => {
    const [pending, failed, cancelled] = [await add('pending'), await add('failed'), await add('cancelled')]
    const { code, stdout } = await runOncall(world, ['translations', 'list'])
    expect(code).toBe(0)
    expect(stdout).toMatch(new RegExp(`pending +${pending.id}.*${pending.textId}`))
    expect(stdout).toMatch(new RegExp(`failed +${failed.id}.*unavailable`))
    expect(stdout).not.toContain(cancelled.id)
    expect(stdout).not.toContain('private')
    const { document } = await askOncall(world, ['translations', 'list', '--stage', 'failed', '--district', newId()])
    expect(document).toMatchObject({ translations: [] })
  })
})

describe('translations replay', () => {
  test('changes nothing without --apply; with it begins the next attempt, once, and stands in the audit log', async () => {
    const { id, textId } = await add('failed')
    const dry = await runOncall(world, ['translations', 'replay', id])
    expect(dry).toMatchObject({ code: 0, stdout: expect.stringContaining('dry run') })
    expect(await runs(id)).toEqual({ attempt: 1, state: 'failed' })
    const { document } = await askOncall(world, ['translations', 'replay', id, ...why])
    expect(document).toMatchObject({ applied: true, translations: [{ outcome: 'replayed', isStarted: true }] })
    expect(await runs(id)).toEqual({ attempt: 2, state: 'pending' })
    expect((await acts.runOf(textId, 2).describe()).status.name).toBe('RUNNING')
    expect(await readActs(world, 'translation.replay')).toMatchObject([
      { target: id, actor_kind: 'staff', reason: 'the translator is back' },
    ])
    // Its run is open and tries by itself.
    expect(await runOncall(world, ['translations', 'replay', id, ...why])).toMatchObject({ code: 1 })
    expect(await runs(id)).toEqual({ attempt: 2, state: 'pending' })
  })

  test('starts what waits to be started, replays what lost its run, and leaves what was cancelled', async () => {
    const [waiting, lost, cancelled] = [await add('pending'), await add('pending'), await add('cancelled')]
    expect((await askOncall(world, ['translations', 'replay', waiting.id, ...why])).document).toMatchObject({
      translations: [{ decision: 'start', outcome: 'started' }],
    })
    expect(await runs(waiting.id)).toEqual({ attempt: 1, state: 'pending' })
    await acts.relay()
    await acts.runOf(lost.textId).terminate()
    expect((await askOncall(world, ['translations', 'replay', lost.id, ...why])).document).toMatchObject({
      translations: [{ outcome: 'replayed' }],
    })
    expect(await runs(lost.id)).toEqual({ attempt: 2, state: 'pending' })
    expect(await runOncall(world, ['translations', 'replay', cancelled.id, ...why])).toMatchObject({ code: 1 })
    expect(await runs(cancelled.id)).toEqual({ attempt: 1, state: 'cancelled' })
  })

  test('of all that failed lately, leaves the rest alone', async () => {
    const [failed, pending] = [await add('failed'), await add('pending')]
    const { code } = await runOncall(world, ['translations', 'replay', '--all', '--since', '1h', ...why])
    expect(code).toBe(0)
    expect(await runs(failed.id)).toMatchObject({ state: 'pending', attempt: 2 })
    expect(await runs(pending.id)).toMatchObject({ attempt: 1 })
  })

  test.each(['unsupported-pair', 'too-long', 'budget-exhausted'] as const)(
    'of all that failed, leaves out what would fail again (%s); by its id it is replayed',
    async (failure) => {
      const { id } = await add('failed', failure)
      const { document } = await askOncall(world, ['translations', 'replay', '--all', '--since', '1h', ...why])
      expect(JSON.stringify(document)).not.toContain(id)
      expect(await runs(id)).toEqual({ attempt: 1, state: 'failed' })
      expect((await askOncall(world, ['translations', 'replay', id, ...why])).document).toMatchObject({
        translations: [{ outcome: 'replayed' }],
      })
      expect(await runs(id)).toEqual({ attempt: 2, state: 'pending' })
    },
  )

  test.each([
    [['translations', 'replay'], 2],
    [['translations', 'replay', '--all'], 2],
    [['translations', 'replay', 'x'], 2],
    [['translations', 'replay', newId(), '--apply'], 2],
    [['translations', 'replay', newId()], 1],
  ])('refuses %j', async (args, code) => {
    expect((await runOncall(world, args)).code).toBe(code)
  })
})
