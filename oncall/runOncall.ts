import { parseArgs } from 'node:util'
import { z } from 'zod'
import { InvalidConfig } from '../clients/readEnvironment.ts'
import type { Answer, Command } from './command.ts'
import { commands } from './commands.ts'
import { readOncallConfig } from './config.ts'
import { Fault } from './fault.ts'
import { findOperator } from './findOperator.ts'
import { openOncall } from './openOncall.ts'
import { toFault } from './toFault.ts'
import { toPrintable, toPrintableJson } from './toPrintable.ts'
import { WrongUse } from './wrongUse.ts'

/** What the process prints and ends with: 0 done, 1 something failed, 2 wrong use. */
export type Ended = { exitCode: 0 | 1 | 2; stdout: string; stderr: string }

const call = 'npm run oncall --'

/** Runs one command line. Never rejects, and never shows a stack or the message of a stranger's error, which may quote content. */
export const runOncall = async (argv: string[], variables: NodeJS.ProcessEnv, interrupted: AbortSignal): Promise<Ended> => {
  try {
    const topic = findTopic(argv)
    if ('help' in topic)
      return { exitCode: topic.isAsked ? 0 : 2, stdout: topic.isAsked ? topic.help : '', stderr: topic.isAsked ? '' : topic.help }
    return await runCommand(topic.command, argv.slice(topic.command.words.split(' ').length), variables, interrupted)
  } catch (error) {
    if (error instanceof WrongUse) return { exitCode: 2, stdout: '', stderr: `hallpass: ${error.message}\n` }
    if (error instanceof Fault || error instanceof InvalidConfig) return { exitCode: 1, stdout: '', stderr: `hallpass: ${error.message}\n` }
    return {
      exitCode: 1,
      stdout: '',
      stderr: `hallpass: it failed: ${toFault(error)}\n  mend: see whether Postgres, Temporal and the store answer, and run it again\n`,
    }
  }
}

type Topic = { command: Command } | { help: string; isAsked: boolean }

/** The command that the first words name, or the help for them. */
const findTopic = (argv: readonly string[]): Topic => {
  const command = commands.find(({ words }) => words.split(' ').every((word, index) => argv[index] === word))
  if (command !== undefined) return { command }
  const [first = ''] = argv
  const isHelp = argv.includes('--help') || argv.includes('-h')
  const group = commands.filter(({ words }) => words.startsWith(`${first} `))
  if (group.length > 0 && (argv.length === 1 || isHelp)) return { help: toList(group), isAsked: isHelp }
  if (isHelp || argv.length === 0) return { help: `${toList(commands)}\n${general}`, isAsked: isHelp }
  throw new WrongUse(`there is no such command. There are:\n${toList(group.length > 0 ? group : commands)}`)
}

const toList = (some: readonly Command[]): string =>
  some.map(({ words, summary }) => `  ${`${call} ${words}`.padEnd(34)}${summary}\n`).join('')

const general = `Each says more with --help, and prints one JSON document with --json. Nothing is changed without --apply and --reason, and what is
changed or decoded is written to the audit log. Exits 0 when done, 1 when something failed, 2 when wrongly used.
Asks Postgres, Temporal and the object store, never the API. Reads DATABASE_URL_ONCALL and the rest of docs/oncall.md, or .stack/stack.json.
`

const runCommand = async (command: Command, argv: string[], variables: NodeJS.ProcessEnv, interrupted: AbortSignal): Promise<Ended> => {
  const { json, help, values, positionals } = parse(command, argv)
  if (help) return { exitCode: 0, stdout: `${call} ${command.words} ${command.help}`, stderr: '' }
  const { min, max, are } = command.positionals
  if (positionals.length < min || positionals.length > max) throw wrongUse(command, max === 0 ? 'expected options only' : `expected ${are}`)
  const prepared = prepare(command, values, positionals)
  const asked = { operator: findOperator(variables), commandLine: `${command.words} ${prepared.arguments}`.trim(), interrupted }
  const oncall = await openOncall(readOncallConfig(variables))
  try {
    const answer = await prepared.run(oncall, asked)
    return { exitCode: answer.hasFailed ? 1 : 0, stdout: toOutput(answer, json), stderr: '' }
  } finally {
    await oncall.close()
  }
}

const toOutput = ({ json, text }: Answer, isJson: boolean): string => (isJson ? `${toPrintableJson(json)}\n` : toPrintable(text))

const wrongUse = ({ words }: Command, message: string): WrongUse => new WrongUse(`${message}\n  mend: ${call} ${words} --help`)

const parse = (
  command: Command,
  argv: string[],
): { json: boolean; help: boolean; values: Record<string, unknown>; positionals: string[] } => {
  try {
    const options = {
      ...command.options,
      json: { type: 'boolean' as const, default: false },
      help: { type: 'boolean' as const, default: false },
    }
    const { values, positionals } = parseArgs({ args: argv, options, allowPositionals: true })
    const { json, help, ...own } = values
    return { json, help, values: own, positionals }
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? String(error.code) : ''
    throw wrongUse(
      command,
      code === 'ERR_PARSE_ARGS_UNKNOWN_OPTION' ? 'there is no such option' : 'an option lacks its value, or has one that it does not take',
    )
  }
}

/** @throws {WrongUse} naming the options at fault, and repeating nothing of what was typed. */
const prepare = (command: Command, values: Record<string, unknown>, positionals: string[]): ReturnType<Command['prepare']> => {
  try {
    return command.prepare(values, positionals)
  } catch (error) {
    if (error instanceof WrongUse) throw wrongUse(command, error.message)
    if (!(error instanceof z.ZodError)) throw error
    const faults = error.issues.map(({ path, message }) => (path.length === 0 ? message : `--${String(path[0])}: ${message}`))
    throw wrongUse(command, faults.join('\n  '))
  }
}
