import { readFile } from 'node:fs/promises'
import { Refused } from './refused.ts'

/** A secret on a command line stands in the list of processes, so it comes by a file. @throws Refused */
export const readSecretFile = async (path: string): Promise<string> => {
  const secret = (await readFile(path, 'utf8').catch(() => '')).trim()
  if (secret === '' || secret.length > 4_096)
    throw new Refused('there is no secret in --secret-file\n  mend: see that the file is there and holds the secret alone')
  return secret
}
