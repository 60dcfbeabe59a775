import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { holdLock } from '../../scripts/holdLock.mjs'

let folder = ''
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'hallpass lock '))
})
afterEach(() => rmSync(folder, { recursive: true, force: true }))

const module = fileURLToPath(new URL('../../scripts/holdLock.mjs', import.meta.url))
/** A process that notes when it entered and left the lock. */
const program = `
  import { appendFileSync } from 'node:fs'
  import { setTimeout as wait } from 'node:timers/promises'
  const { holdLock } = await import(process.argv[1])
  await holdLock(process.argv[2], () => {}, async () => {
    appendFileSync(process.argv[3], 'in\\n')
    await wait(20)
    appendFileSync(process.argv[3], 'out\\n')
  })`

test('of many processes one at a time holds the lock, also when its last owner died', { timeout: 60_000 }, async () => {
  const lock = join(folder, 'lock')
  const notes = join(folder, 'notes')
  mkdirSync(lock)
  writeFileSync(join(lock, 'owner.json'), JSON.stringify({ pid: process.pid, startedAt: 'of one that died' }))
  const processes = Array.from({ length: 6 }, () =>
    spawn(process.execPath, ['--input-type=module', '-e', program, module, lock, notes], { stdio: 'inherit' }),
  )
  const codes = await Promise.all(processes.map(async (one) => ((await once(one, 'exit')) as [number])[0]))
  expect(codes).toEqual([0, 0, 0, 0, 0, 0])
  expect(readFileSync(notes, 'utf8')).toBe('in\nout\n'.repeat(6))
  expect(existsSync(lock)).toBe(false)
})

test('the lock is free again after the work failed', async () => {
  const lock = join(folder, 'lock')
  const failing = holdLock(
    lock,
    () => undefined,
    () => Promise.reject(new Error('broken')),
  )
  await expect(failing).rejects.toThrow('broken')
  expect(
    await holdLock(
      lock,
      () => undefined,
      () => Promise.resolve('done'),
    ),
  ).toBe('done')
})
