import type { Reporter, TestCase } from 'vitest/node'

/**
 * Names, at the very end, each test that passed only when it was tried a second time, with what it said the first time: a race to be found,
 * in the test or in what it tests (docs/decisions/second-attempts.md).
 */
export default class SecondAttempts implements Reporter {
  readonly #seen: string[] = []

  onTestCaseResult(test: TestCase): void {
    if (test.diagnostic()?.flaky !== true) return
    const said = test.result().errors?.[0]?.message.split('\n')[0] ?? ''
    this.#seen.push(`  ${test.module.relativeModuleId} > ${test.fullName}${said === '' ? '' : `\n    the first time: ${said}`}`)
  }

  onTestRunEnd(): void {
    if (this.#seen.length > 0) process.stdout.write(`Passed only at the second attempt:\n${this.#seen.join('\n')}\n`)
  }
}
