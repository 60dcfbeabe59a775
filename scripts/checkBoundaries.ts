/**
 * `npm run check` step: the import rules hold in the tree, and the rules can fail. The second half
 * matters because dependency-cruiser under TypeScript 7 can read nothing and exit 0.
 */
import { execFile } from 'node:child_process'
import { existsSync } from 'node:fs'
import { promisify } from 'node:util'
import { folders } from './folders.ts'

/** All that exists of them but `test/`, which may import whatever it tests. */
const checkedFolders = folders.filter((folder) => folder !== 'test' && existsSync(folder))
const plantedFolder = 'test/boundaries/planted'

/** One per planted import; a rule missing from a run over the planted folder means that the checker is blind. */
const plantedRules = [
  'domain-boundary',
  'pure-folders-import-no-node-core',
  'api-boundary',
  'product-never-imports-the-stack',
  'only-the-workflow-contract',
  'workflows-take-activity-types-only',
  'no-cycles',
]

type Cruise = {
  modules: { source: string }[]
  summary: { violations: { from: string; to: string; rule: { name: string } }[] }
}

/** Runs the rules with `root` as the prefix of every folder name; rejects when the checker itself fails. */
const cruiseFolders = async (folders: string[], root?: string): Promise<Cruise> => {
  const env = { ...process.env, ...(root === undefined ? {} : { BOUNDARIES_ROOT: root }) }
  const command = [
    'node_modules/dependency-cruiser/bin/dependency-cruiser.mjs',
    '--config',
    '.dependency-cruiser.mjs',
    '--output-type',
    'json',
  ]
  const { stdout } = await promisify(execFile)(process.execPath, [...command, ...folders], { env, maxBuffer: 256 * 1024 * 1024 })
  return JSON.parse(stdout) as Cruise
}

const real = await cruiseFolders(checkedFolders)
const planted = await cruiseFolders([plantedFolder], `${plantedFolder}/`)

const problems = real.summary.violations.map((violation) => `${violation.rule.name}: ${violation.from} → ${violation.to}`)
const seen = new Set(planted.summary.violations.map((violation) => violation.rule.name))
problems.push(
  ...plantedRules.filter((rule) => !seen.has(rule)).map((rule) => `planted violation of '${rule}' was not reported: the checker is blind`),
)
const ownModules = real.modules.filter((module) => checkedFolders.some((folder) => module.source.startsWith(`${folder}/`)))
if (ownModules.length < 20) problems.push(`only ${ownModules.length} modules were read`)

if (problems.length > 0) {
  console.error(problems.join('\n'))
  process.exitCode = 1
} else {
  console.log(`import boundaries hold over ${ownModules.length} modules; ${plantedRules.length} planted violations were caught`)
}
