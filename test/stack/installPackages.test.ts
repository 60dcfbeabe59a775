import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest'
import { hasPackages, installPackages } from '../../scripts/installPackages.mjs'
import { identifyProcess } from '../../stack/processes/processIdentity.ts'

let root = ''
const write = (path: string, content: unknown): void => {
  mkdirSync(dirname(join(root, path)), { recursive: true })
  writeFileSync(join(root, path), typeof content === 'string' ? content : JSON.stringify(content))
}
const lock = {
  packages: {
    '': { name: 'sample' },
    'node_modules/kept': { version: '1.0.0' },
    'node_modules/other-platform': { version: '2.0.0', optional: true },
  },
}
const installed = { packages: { 'node_modules/kept': { version: '1.0.0' } } }

beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'hallpass packages '))
  write('package-lock.json', lock)
  mkdirSync(join(root, 'node_modules', '.bin'), { recursive: true })
  symlinkSync(process.execPath, join(root, 'node_modules', '.bin', 'node'))
})
afterEach(() => {
  vi.unstubAllEnvs()
  rmSync(root, { recursive: true, force: true })
})

describe('the packages count as installed', () => {
  test('when npm finished and agrees with the lock file, packages of other platforms aside', () => {
    write('node_modules/.package-lock.json', installed)
    expect(hasPackages(root)).toBe(true)
  })

  test('not in a fresh clone, and not when an install was interrupted before its end', () => {
    expect(hasPackages(root)).toBe(false)
  })

  test('not when the lock file names another version since', () => {
    write('node_modules/.package-lock.json', { packages: { 'node_modules/kept': { version: '0.9.0' } } })
    expect(hasPackages(root)).toBe(false)
  })

  test('not when a package is missing', () => {
    write('node_modules/.package-lock.json', { packages: {} })
    expect(hasPackages(root)).toBe(false)
  })

  test('not when the stamp is of another lock file', () => {
    write('node_modules/.hallpass-packages', 'of another lock file')
    expect(hasPackages(root)).toBe(false)
  })

  test('not when Node 24 is not among them', () => {
    write('node_modules/.package-lock.json', installed)
    rmSync(join(root, 'node_modules', '.bin', 'node'))
    expect(hasPackages(root)).toBe(false)
  })
})

/** An npm that takes its time, has a child, and answers no polite signal. */
const stubbornNpm = `
  import { spawn } from 'node:child_process'
  import { writeFileSync } from 'node:fs'
  process.on('SIGTERM', () => {})
  const child = spawn(process.execPath, ['-e', 'setInterval(() => {}, 1000)'], { stdio: 'ignore' })
  writeFileSync('pids', JSON.stringify([process.pid, child.pid]))
  setInterval(() => {}, 1000)`

test('an interrupted install leaves no npm behind that would spoil the next one', async () => {
  write('stubborn.mjs', stubbornNpm)
  vi.stubEnv('npm_execpath', join(root, 'stubborn.mjs'))
  const interruption = new AbortController()
  const installing = installPackages(root, interruption.signal)
  await vi.waitFor(() => expect(existsSync(join(root, 'pids'))).toBe(true), { timeout: 20_000 })
  const pids = JSON.parse(readFileSync(join(root, 'pids'), 'utf8')) as number[]
  interruption.abort()
  await expect(installing).rejects.toThrow('npm ci ended with SIGKILL')
  await vi.waitFor(() => expect(pids.map(identifyProcess)).toEqual([null, null]))
  expect(hasPackages(root)).toBe(false)
})

test('packages are never installed through a link: npm would empty the folder behind it', async () => {
  const behind = join(root, 'elsewhere')
  mkdirSync(behind)
  writeFileSync(join(behind, 'theirs'), 'still here')
  rmSync(join(root, 'node_modules'), { recursive: true })
  symlinkSync(behind, join(root, 'node_modules'))
  await expect(installPackages(root, new AbortController().signal)).rejects.toThrow('node_modules is a link')
  expect(readFileSync(join(behind, 'theirs'), 'utf8')).toBe('still here')
})
