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
  /new URL\(\s*'(\.[^']+\.\w+)',\s*import\.meta\.url/g,
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

const isIn = (folders: string[], file: string): boolean => folders.some((folder) => file === folder || file.startsWith(`${folder}/`))

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

  it('has every file and every package that a command of the compose file loads, but what that service mounts', async () => {
    const copied = ignored.filter((line) => line.startsWith('!')).map((line) => line.slice(1))
    const excluded = ignored.filter((line) => !line.startsWith('!') && line !== '*')
    const loaded: Record<string, number> = {}
    for (const [name, { build, entrypoint = [], command = [], volumes = [] }] of Object.entries((await loadCompose()).services)) {
      const main = [...entrypoint, ...command].find((word) => word.endsWith('.ts'))
      if (!build || main === undefined) continue
      const [files, packages] = [new Set<string>(), new Set<string>()]
      await collect(main, files, packages)
      const mounted = volumes.filter(({ target }) => target.startsWith('/app/')).map(({ target }) => target.slice('/app/'.length))
      const isAbsent = (file: string): boolean =>
        !isIn(mounted, file) && (!isIn(copied, file) || excluded.some((pattern) => matchesGlob(file, pattern)))
      expect({ name, absent: [...files].filter(isAbsent) }).toEqual({ name, absent: [] })
      expect({ name, absent: [...packages].filter((one) => !(one in packageJson.dependencies)) }).toEqual({ name, absent: [] })
      loaded[main] = files.size
    }
    expect(loaded).toMatchObject({ 'deploy/migrateMain.ts': expect.any(Number), 'demo/sampleDistrictMain.ts': expect.any(Number) })
    expect(loaded['api/main.ts']).toBeGreaterThan(100)
    expect(loaded['worker/main.ts']).toBeGreaterThan(100)
  }, 300_000)
})
