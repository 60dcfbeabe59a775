import type { z } from 'zod'

/**
 * The variables that `schema` names, checked. Ends the process with a message that names what is missing or wrong, and
 * repeats no value.
 */
export const readVariables = <Shape extends z.ZodRawShape>(schema: z.ZodObject<Shape>): z.infer<z.ZodObject<Shape>> => {
  const parsed = schema.safeParse(process.env)
  if (!parsed.success) {
    const faults = parsed.error.issues.map((issue) => `  ${issue.path.join('.')}: ${issue.message}`)
    process.stderr.write(`The environment does not describe this job:\n${faults.join('\n')}\n`)
    process.exit(1)
  }
  return parsed.data
}
