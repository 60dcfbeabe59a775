import { KeyRefused } from './keyRefused.ts'

/** Key names become aliases and file names, so they hold nothing but lower-case words, ids and one slash. */
const keyNamePattern = /^[a-z][a-z0-9-]{0,63}(\/[A-Za-z0-9][A-Za-z0-9-]{0,99})?$/

/** Answers the name unchanged. @throws KeyRefused when it could not be an alias or a file name. */
export const requireKeyName = (keyName: string): string => {
  if (!keyNamePattern.test(keyName)) throw new KeyRefused('not a key name')
  return keyName
}
