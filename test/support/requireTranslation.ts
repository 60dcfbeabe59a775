import { inject } from 'vitest'

/** Where the stack translates. @throws when it cannot, saying what to install: a test that needs it does not pass without. */
export const requireTranslation = (): string => {
  const { endpoint, problem } = inject('stack').translation
  if (endpoint === null) throw new Error(problem)
  return endpoint
}
