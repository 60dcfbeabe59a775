/** The value, which must be there. @throws when it is not. */
export const present = <T>(value: T | null | undefined): T => {
  if (value === null || value === undefined) throw new Error('expected a value')
  return value
}
