/**
 * A failure to start the stack that a person can mend: which component, why, and what to type.
 * `message` is all three, so that whoever prints only the message still helps.
 */
export class StackProblem extends Error {
  readonly component: string
  readonly mend: string

  constructor(problem: { component: string; cause: string; mend: string }) {
    super(`${problem.component}: ${problem.cause}\n  mend: ${problem.mend}`)
    this.name = 'StackProblem'
    this.component = problem.component
    this.mend = problem.mend
  }
}
