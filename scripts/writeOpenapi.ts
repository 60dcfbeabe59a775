/**
 * Writes api/openapi.json from the routes; with `--check` writes nothing and fails when the committed file differs.
 */
import { readFile, writeFile } from 'node:fs/promises'
import { describeApi } from '../api/describeApi.ts'

const file = new URL('../api/openapi.json', import.meta.url)
const current = describeApi()

if (process.argv.includes('--check')) {
  const committed = await readFile(file, 'utf8').catch(() => '')
  if (committed !== current) {
    console.error('api/openapi.json is not what the routes say. Run: npm run openapi')
    process.exitCode = 1
  }
} else {
  await writeFile(file, current)
}
