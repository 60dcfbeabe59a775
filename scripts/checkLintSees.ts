/**
 * `npm run check` step: the type-aware rules really run. A planted floating promise must be reported;
 * without oxlint-tsgolint the linter skips such rules and exits 0.
 */
import { spawnSync } from 'node:child_process'

const planted = 'test/boundaries/planted/lint/floats.ts'
const { stdout } = spawnSync('oxlint', ['--type-aware', '--format', 'unix', planted], { encoding: 'utf8' })
if (!stdout.includes('no-floating-promises')) {
  console.error(`the planted floating promise in ${planted} was not reported:\n${stdout}`)
  process.exitCode = 1
}
