import { existsSync, readdirSync } from 'node:fs'
import { join } from 'node:path'
import { StackProblem } from '../stackProblem.ts'
import versions from '../versions.json' with { type: 'json' }
import { unpackDebian } from './unpackDebian.ts'

const { enginePackages, pairPackages, morePairPackages } = versions.apertium
/** Without these there would be nothing to show; the other pairs are taken where the release has them. */
const neededModes = ['eng-spa', 'spa-eng', 'eng-cat', 'cat-eng']

/** Where Apertium lies: `root` is what stands before `/usr`, and there are folders of shared libraries when it was unpacked rather than installed. */
export type ApertiumFiles = { root: string; libraryFolders: string[] }

const isUnder = (root: string): boolean =>
  existsSync(`${root}/usr/bin/lt-proc`) && neededModes.every((mode) => existsSync(`${root}/usr/share/apertium/modes/${mode}.mode`))

const unpack = (tell: (what: string) => void): Promise<string> =>
  unpackDebian('apertium', [...enginePackages, ...pairPackages, ...morePairPackages], tell).catch((error: Error) => {
    if (!error.message.includes('Unable to locate package')) throw error
    return unpackDebian('apertium', [...enginePackages, ...pairPackages], tell)
  })

const isApple = process.platform === 'darwin'
const mend = isApple
  ? 'none known: there are no packages of Apertium for this system'
  : `sudo apt-get install ${[...enginePackages, ...pairPackages].join(' ')} (Debian, Ubuntu)`

/** The words of apt, which stand below the command that failed. */
const toReason = ({ message }: Error): string => {
  const lines = message.split('\n')
  return lines.find((line) => line.startsWith('E: ')) ?? lines[0] ?? ''
}

/**
 * Apertium with its pairs of languages: installed on this system (below `installed`), else unpacked from Debian's packages into the cache, without any rights.
 * @throws StackProblem that says what to type where it can be had.
 */
export const findApertium = async (tell: (what: string) => void, installed = ''): Promise<ApertiumFiles> => {
  if (isUnder(installed)) return { root: installed, libraryFolders: [] }
  const root = await unpack(tell).catch((error: Error) => {
    const cause = `not installed, and could not be downloaded (${toReason(error)})`
    throw new StackProblem({ component: 'Apertium', cause, mend })
  })
  const parents = ['lib', 'usr/lib'].map((parent) => join(root, parent)).filter(existsSync)
  const libraryFolders = parents.flatMap((parent) => readdirSync(parent).map((entry) => join(parent, entry)))
  return { root, libraryFolders }
}
