/** The command line asks for something that there is not. The message says what was expected; it repeats nothing that was given. */
export class WrongUse extends Error {
  override readonly name = 'WrongUse'
}
