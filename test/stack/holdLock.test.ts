import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs'
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
    await wait(Number(process.argv[4]))
    appendFileSync(process.argv[3], 'out\\n')
  })`

const start = (lock: string, notes: string, milliseconds: number) =>
  spawn(process.execPath, ['--input-type=module', '-e', program, module, lock, notes, String(milliseconds)], { stdio: 'inherit' })

test('of many processes one at a time holds the lock', { timeout: 60_000 }, async () => {
  const [lock, notes] = [join(folder, 'lock'), join(folder, 'notes')]
  const processes = Array.from({ length: 12 }, () => start(lock, notes, 20))
  const codes = await Promise.all(processes.map(async (one) => ((await once(one, 'exit')) as [number])[0]))
  expect(codes).toEqual(processes.map(() => 0))
  expect(readFileSync(notes, 'utf8')).toBe('in\nout\n'.repeat(processes.length))
})

test('who waits is told who holds the lock, and gets it when the holder is killed', { timeout: 60_000 }, async () => {
  const [lock, notes] = [join(folder, 'lock'), join(folder, 'notes')]
  const holder = start(lock, notes, 600_000)
  await expect.poll(() => existsSync(notes) && readFileSync(notes, 'utf8')).toBe('in\n')
  const told: number[] = []
  const taken = holdLock(
    lock,
    (pid) => {
      told.push(pid)
      holder.kill('SIGKILL')
    },
    () => Promise.resolve('mine'),
  )
  expect(await taken).toBe('mine')
  expect(told).toEqual([holder.pid])
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
