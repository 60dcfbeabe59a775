import { Console } from 'node:console'

/** Prints what a matrix of tests saw, for people: only where `SHOW_TABLES` is set, since a whole run has enough to say. */
export const showTable = (rows: readonly Record<string, string | number>[]): void => {
  if (process.env.SHOW_TABLES !== undefined) new Console(process.stdout).table(rows)
}
