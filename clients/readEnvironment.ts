import type { z } from 'zod'

/** The environment does not describe a safe process. The message names variables and never repeats a value. */
export class InvalidConfig extends Error {
  override readonly name = 'InvalidConfig'
}

const explain = (error: z.ZodError, given: Readonly<Record<string, string | undefined>>): string =>
  error.issues
    .map((issue) => {
      const name = issue.path[0]?.toString() ?? ''
      return `  ${name}: ${given[name] === undefined ? 'is missing' : issue.message}`
    })
    .join('\n')

/**
 * Reads the variables of a process once, at its start. `what` is the process, for the message: `an API`, `a worker`.
 * @throws {InvalidConfig} naming every variable at fault and what was expected of it.
 */
export const readEnvironment = <Variables extends z.ZodObject>(
  what: string,
  schema: Variables,
  variables: NodeJS.ProcessEnv,
): z.output<Variables> => {
  // An empty variable is how compose files and shells say "not given".
  const given = Object.fromEntries(Object.entries(variables).filter(([, value]) => value !== ''))
  const parsed = schema.safeParse(given)
  if (!parsed.success) throw new InvalidConfig(`The environment does not describe ${what}:\n${explain(parsed.error, given)}`)
  return parsed.data
}
