import type { ApertiumFiles } from '../binaries/findApertium.ts'
import { StackProblem } from '../stackProblem.ts'
import { createApertium } from './createApertium.ts'

const toReason = (error: unknown): string => (error instanceof Error ? error.message : String(error)).split('\n')[0] ?? ''

const translateOnce = async (files: ApertiumFiles): Promise<void> => {
  const apertium = createApertium(files)
  try {
    const made = await apertium.translate('hello', 'en', 'es')
    if (made === null || made.includes('hello')) throw new Error('a word came back as it was sent')
  } finally {
    apertium.close()
  }
}

/**
 * Has one word translated. Programs that are there and do not run, and dictionaries that are not whole, would be offered as a translator otherwise, and readers would wait for what never comes.
 * @throws StackProblem that says which folder to look at.
 */
export const tryApertium = async (files: ApertiumFiles): Promise<ApertiumFiles> => {
  await translateOnce(files).catch((error: unknown) => {
    throw new StackProblem({
      component: 'Apertium',
      cause: `it is there, and translates nothing (${toReason(error)})`,
      mend: files.root === '' ? 'sudo apt-get install --reinstall apertium (Debian, Ubuntu)' : `remove ${files.root}, and start again`,
    })
  })
  return files
}
