/** The command was called in a way that it does not know. The message says what to write instead. */
export class WrongUse extends Error {
  override readonly name = 'WrongUse'
}
