import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { hasPackages } from '../../scripts/installPackages.mjs'

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
afterEach(() => rmSync(root, { recursive: true, force: true }))

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
