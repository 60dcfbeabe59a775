import { existsSync, globSync, readFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { describe, expect, it } from 'vitest'
import { apiVariables } from '../api/config.ts'
import packageJson from '../package.json' with { type: 'json' }
import { oncallVariables } from '../oncall/config.ts'
import { workerVariables } from '../worker/config.ts'

const root = fileURLToPath(new URL('..', import.meta.url))
const pages = globSync(['*.md', 'docs/**/*.md'], { cwd: root }).toSorted()
const read = (page: string): string => readFileSync(join(root, page), 'utf8')
/** Everything that `pattern` finds in the pages, as `page: what was found`. */
const findAll = (pattern: RegExp): { page: string; found: string }[] =>
  pages.flatMap((page) => [...read(page).matchAll(pattern)].map(([, found = '']) => ({ page, found })))

/** Rows of a Markdown table as cells, without its head. */
const rowsOf = (page: string, firstCell: RegExp): string[][] =>
  read(page)
    .split('\n')
    .filter((line) => line.startsWith('|'))
    .map((line) =>
      line
        .split('|')
        .slice(1, -1)
        .map((cell) => cell.trim()),
    )
    .filter(([first = '']) => firstCell.test(first))

const isThere = (path: string): boolean => (path.includes('*') ? globSync(path, { cwd: root }).length > 0 : existsSync(join(root, path)))

describe('the written pages', () => {
  it('are all there', () => {
    expect(pages).toEqual(
      expect.arrayContaining(['README.md', 'ARCHITECTURE.md', 'CONTRIBUTING.md', 'SECURITY.md', 'docs/promises.md', 'docs/words.md']),
    )
  })

  it('link to pages and pictures that exist', () => {
    const links = findAll(/\]\(([^)#\s]+)(?:#[^)]*)?\)/g).filter(({ found }) => !/^https?:/.test(found))
    expect(links.length).toBeGreaterThan(10)
    expect(links.filter(({ page, found }) => !existsSync(join(root, dirname(page), found)))).toEqual([])
  })

  it('name files that exist', () => {
    const files = findAll(/`([a-zA-Z][\w./*-]*\/[\w.*-]+\.(?:tsx?|mts|mjs|json|ya?ml|sh|md|conf|txt))`/g)
    expect(files.length).toBeGreaterThan(30)
    expect(files.filter(({ found }) => !isThere(found))).toEqual([])
  })

  it('name commands that exist', () => {
    const commands = findAll(/npm run ([\w:-]+)/g)
    expect(commands.length).toBeGreaterThan(10)
    expect(commands.filter(({ found }) => !(found in packageJson.scripts))).toEqual([])
  })

  it('describe every variable that the API and the worker read, and no other', () => {
    const readers = new Map(
      rowsOf('docs/configuration.md', /^`[A-Z0-9_]+`$/).map(([name = '', reader = '']) => [name.slice(1, -1), reader]),
    )
    const expected = [...new Set([...apiVariables, ...workerVariables])].map((name): [string, string] => {
      const [byApi, byWorker] = [apiVariables.includes(name), workerVariables.includes(name)]
      return [name, byApi && byWorker ? 'both' : byApi ? 'API' : 'worker']
    })
    expect(Object.fromEntries(readers)).toEqual(Object.fromEntries(expected))
  })

  it('describe every variable that the on-call command reads, and no other', () => {
    const described = rowsOf('docs/oncall.md', /^`[A-Z0-9_]+`$/).map(([name = '']) => name.slice(1, -1))
    expect(described.toSorted()).toEqual(oncallVariables.toSorted())
  })

  it('answer each of the 115 promises once, with a file, a command, or what is missing', () => {
    const promises = rowsOf('docs/promises.md', /^\d+$/)
    expect(promises.map(([number]) => Number(number))).toEqual(Array.from({ length: 115 }, (_, index) => index + 1))
    expect(promises.filter(([, promise = '', shown = '']) => promise === '' || !/`|^not yet|^organisational/.test(shown))).toEqual([])
  })

  it('state thirteen laws, each with the test that shows it, or what is missing', () => {
    const laws = [...read('ARCHITECTURE.md').matchAll(/^(\d+)\. \*\*/gm)].map(([, number]) => Number(number))
    expect(laws).toEqual(Array.from({ length: 13 }, (_, index) => index + 1))
    const shown = read('ARCHITECTURE.md')
      .split(/^\d+\. \*\*/m)
      .slice(1)
    expect(shown.filter((law) => !/\.test\.ts`|not yet/i.test(law))).toEqual([])
  })
})
