import { WrongUse } from './wrongUse.ts'

/** The value of an option that has to be given. @throws WrongUse naming the option */
export const readText = <Name extends string>(values: { [Key in Name]?: string | undefined }, name: Name): string => {
  const given = (values[name] ?? '').trim()
  if (given === '' || given.length > 500 || /\p{Cc}/u.test(given))
    throw new WrongUse(`--${name} must be given, in one line of at most 500 characters`)
  return given
}
