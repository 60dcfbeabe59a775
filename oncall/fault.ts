/** Something that the command needs did not work. The message is for the responder: what, and how to mend it. */
export class Fault extends Error {
  override readonly name = 'Fault'
}
