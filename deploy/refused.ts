/** A command was understood, and is not done. The message says how to mend it. */
export class Refused extends Error {
  override readonly name = 'Refused'
}
