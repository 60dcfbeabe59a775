import { execFile, spawn } from 'node:child_process'
import { mkdir, mkdtemp, rename, rm, stat } from 'node:fs/promises'
import { join } from 'node:path'
import { text } from 'node:stream/consumers'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { cacheFolder } from '../../stack/binaries/cacheFolder.mjs'

const run = promisify(execFile)
export const tinkVersion = '1.16.1'
// Pinned with what it stands on, so that two machines check against the same code.
const packages = [`tink==${tinkVersion}`, 'protobuf==7.36.2', 'absl-py==2.5.1', 'bazel-runfiles==2.4.6']

/** One thing for Tink to do. */
export type TinkCase = { do: 'encrypt' | 'decrypt'; key: Buffer; associatedData: Buffer; input: Buffer }

/**
 * Installs Google's Tink for Python into the user's cache folder, once for each Python version, and answers the interpreter to run.
 * Needs no rights but the user's own. Two that install at once do not disturb each other.
 */
export const installTink = async (): Promise<string> => {
  const cache = join(cacheFolder(), 'python')
  const { stdout: version } = await run('python3', ['-c', 'import sys; print("%d.%d.%d" % sys.version_info[:3], end="")'])
  const home = join(cache, `tink-${tinkVersion}-python-${version}`)
  const python = join(home, 'bin', 'python')
  if (await isPresent(python)) return python
  await mkdir(cache, { recursive: true })
  const draft = await mkdtemp(join(cache, 'draft-'))
  try {
    await run('python3', ['-m', 'venv', draft]).catch((cause: unknown) => {
      throw new Error('Python cannot make a virtual environment here: on Debian, apt-get install python3-venv', { cause })
    })
    const options = ['--quiet', '--disable-pip-version-check', '--no-input', '--only-binary', ':all:']
    await run(join(draft, 'bin', 'python'), ['-m', 'pip', 'install', ...options, ...packages])
    await rename(draft, home).catch(async (error: unknown) => {
      if (!(await isPresent(python))) throw error
    })
  } finally {
    await rm(draft, { recursive: true, force: true })
  }
  return python
}

/** Runs the cases through Tink in one process. Answers each output, null where Tink refused. */
export const runTink = async (python: string, cases: readonly TinkCase[]): Promise<(Buffer | null)[]> => {
  const script = fileURLToPath(new URL('./tinkStream.py', import.meta.url))
  const child = spawn(python, [script], { stdio: ['pipe', 'pipe', 'inherit'] })
  const encoded = cases.map((each) => ({
    do: each.do,
    key: each.key.toString('base64'),
    associatedData: each.associatedData.toString('base64'),
    input: each.input.toString('base64'),
  }))
  child.stdin.end(JSON.stringify({ cases: encoded }))
  const outputs = JSON.parse(await text(child.stdout)) as (string | null)[]
  return outputs.map((output) => (output === null ? null : Buffer.from(output, 'base64')))
}

const isPresent = (path: string): Promise<boolean> =>
  stat(path).then(
    () => true,
    () => false,
  )
