import { readFile } from 'node:fs/promises'
import { dirname, join, matchesGlob, normalize } from 'node:path'
import { isBuiltin } from 'node:module'
import { beforeAll, describe, expect, it } from 'vitest'
import packageJson from '../../package.json' with { type: 'json' }
import { loadCompose, root } from './loadCompose.ts'

const read = (path: string): Promise<string> => readFile(join(root, path), 'utf8')

const naming = [
  /^import\s(?!type\s)(?:[^'"]*?\sfrom\s+)?'([^']+)'/gm,
  /^export\s(?!type\s)[^'"=(]*?\sfrom\s+'([^']+)'/gm,
  /\bimport\('([^']+)'\)/g,
  /\bresolve\('([^']+)'\)/g,
  /new URL\(\s*'(\.[^']+)',\s*import\.meta\.url/g,
]
/** Modules and files that a file names: in imports of values, static or not, and relative to itself. */
const namedModules = (source: string): string[] => naming.flatMap((pattern) => [...source.matchAll(pattern)].map(([, name]) => name ?? ''))

/** Every file and every package that is loaded when `main` runs. */
const collect = async (main: string, files: Set<string>, packages: Set<string>): Promise<void> => {
  if (files.has(main)) return
  files.add(main)
  if (!main.endsWith('.ts')) return
  for (const name of namedModules(await read(main))) {
    if (name.startsWith('.')) await collect(normalize(join(dirname(main), name)), files, packages)
    else if (!isBuiltin(name)) packages.add(name.split('/', name.startsWith('@') ? 2 : 1).join('/'))
  }
}

let dockerfile: string[]
let ignored: string[]
beforeAll(async () => {
  dockerfile = (await read('Dockerfile')).split('\n')
  ignored = (await read('.dockerignore')).split('\n').filter((line) => line !== '' && !line.startsWith('#'))
})

describe('the image', () => {
  it('stands on the very Node that the tests run under', () => {
    const bases = dockerfile.filter((line) => line.startsWith('FROM ')).map((line) => line.split(' ')[1])
    expect(new Set(bases)).toEqual(new Set([`node:${packageJson.dependencies.node}-trixie-slim`]))
  })

  it('does not run as root, and its user cannot change the code', () => {
    expect(dockerfile.findLast((line) => line.startsWith('USER '))).toBe('USER node')
    expect(dockerfile.filter((line) => line.includes('--chown'))).toEqual([])
  })

  it('is sent nothing but what it copies: no secret, no local data, no test', () => {
    expect(ignored[0]).toBe('*')
    expect(ignored).toContain('deploy/secrets')
    const copied = dockerfile.flatMap((line) => /^COPY (?!--from)(.+) \S+$/.exec(line)?.[1]?.split(' ') ?? [])
    expect(
      ignored
        .filter((line) => line.startsWith('!'))
        .map((line) => line.slice(1))
        .toSorted(),
    ).toEqual([...new Set(copied)].toSorted())
  })

  it('has every file and every package that a command of the compose file loads', async () => {
    const { services } = await loadCompose()
    const commands = Object.values(services).flatMap(({ build, command = [] }) =>
      build ? command.filter((word) => word.endsWith('.ts')) : [],
    )
    expect(commands).toEqual(expect.arrayContaining(['api/main.ts', 'worker/main.ts', 'deploy/migrateMain.ts']))
    const [files, packages] = [new Set<string>(), new Set<string>()]
    for (const command of commands) await collect(command, files, packages)
    expect(files.size).toBeGreaterThan(100)
    const folders = ignored.filter((line) => line.startsWith('!')).map((line) => line.slice(1))
    const isAbsent = (file: string): boolean =>
      !folders.some((folder) => file === folder || file.startsWith(`${folder}/`)) ||
      ignored.some((line) => !line.startsWith('!') && line !== '*' && matchesGlob(file, line))
    expect([...files].filter(isAbsent)).toEqual([])
    expect([...packages].filter((name) => !(name in packageJson.dependencies))).toEqual([])
  }, 300_000)
})
