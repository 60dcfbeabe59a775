import type { ParseArgsOptionsConfig } from 'node:util'
import type { z } from 'zod'
import type { Oncall } from './openOncall.ts'
import type { Operator } from './findOperator.ts'

/** What a command found or did. `json` is the document of `--json`; `text` is for people and ends with a line break. */
export type Answer = {
  json: object
  text: string
  /** Something of what was asked for could not be done: exit code 1. */
  hasFailed?: boolean
}

/** Who asks for it, and in which words: for the audit log. Canonical: checked options only, without the reason. */
export type Asked = { operator: Operator; commandLine: string; interrupted: AbortSignal }

export type Command = {
  /** As it is typed: `scans list`. */
  words: string
  /** One line for the list of commands. */
  summary: string
  /** What follows the words, and what it means. */
  help: string
  options: ParseArgsOptionsConfig
  /** The least and the most words that follow. */
  positionals: { min: number; max: number; are: string }
  /** Checks what was typed and answers what to do. @throws {z.ZodError} naming options, and `WrongUse`. */
  prepare(values: Record<string, unknown>, positionals: string[]): { arguments: string; run(oncall: Oncall, asked: Asked): Promise<Answer> }
}

/** A command whose options are those of `schema`; a boolean among them is a switch. */
export const defineCommand = <Shape extends z.ZodRawShape>({
  schema,
  ...command
}: Pick<Command, 'words' | 'summary' | 'help' | 'positionals'> & {
  schema: z.ZodObject<Shape>
  switches?: readonly (keyof Shape & string)[]
  run: (oncall: Oncall, given: z.output<z.ZodObject<Shape>>, positionals: string[], asked: Asked) => Promise<Answer>
  /** What no single option can tell. @throws {WrongUse} */
  check?: (given: z.output<z.ZodObject<Shape>>, positionals: string[]) => void
}): Command => {
  const { switches = [], run, check, words, summary, help, positionals } = command
  const options = Object.fromEntries(
    Object.keys(schema.shape).map((name) => [name, { type: switches.includes(name) ? ('boolean' as const) : ('string' as const) }]),
  )
  return {
    words,
    summary,
    help,
    positionals,
    options,
    prepare: (values, given) => {
      const parsed = schema.parse(values)
      check?.(parsed, given)
      return { arguments: toArguments(values, given), run: (oncall, asked) => run(oncall, parsed, given, asked) }
    },
  }
}

/** The words after the command as the audit log keeps them. They were checked: ids, enums, numbers, spans of time. */
const toArguments = (values: Record<string, unknown>, positionals: string[]): string =>
  [
    ...positionals,
    ...Object.entries(values)
      .filter(([name]) => name !== 'reason')
      .map(([name, value]) => (value === true ? `--${name}` : `--${name} ${String(value)}`)),
  ].join(' ')
