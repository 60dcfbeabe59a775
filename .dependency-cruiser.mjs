/**
 * Who may import whom (ARCHITECTURE.md, the map). `test/boundaries/planted/` holds one forbidden import
 * per rule; `npm run check` fails unless each of them is reported, because under TypeScript 7
 * dependency-cruiser can silently read nothing and exit 0.
 */
import { folders } from './scripts/folders.ts'

const root = process.env.BOUNDARIES_ROOT ?? ''
const at = (path) => `^${root}${path}`

/** `from` may import only itself and `allowed` of our folders. */
const mayImportOnly = (from, allowed, comment) => ({
  name: `${from}-boundary`,
  comment,
  severity: 'error',
  from: { path: at(`${from}/`), pathNot: String.raw`\.test\.ts$` },
  to: { path: folders.filter((folder) => folder !== from && !allowed.includes(folder)).map((folder) => at(`${folder}/`)) },
})

export default {
  forbidden: [
    { name: 'no-cycles', severity: 'error', from: {}, to: { circular: true } },
    { name: 'resolvable', severity: 'error', from: {}, to: { couldNotResolve: true } },
    {
      name: 'no-dev-dependency-in-product',
      severity: 'error',
      from: { path: at('(domain|crypto|telemetry|db|clients|activities|workflows|worker|api|oncall)/'), pathNot: String.raw`\.test\.ts$` },
      to: { dependencyTypes: ['npm-dev'] },
    },
    mayImportOnly('domain', [], 'the rules know nothing of ours'),
    mayImportOnly('crypto', ['domain'], 'algorithms without I/O'),
    mayImportOnly('telemetry', ['domain'], 'what the outside is told of us'),
    mayImportOnly('db', ['domain', 'crypto', 'telemetry'], 'tables and queries'),
    mayImportOnly('clients', ['domain', 'crypto', 'telemetry', 'workflows'], 'one adapter per outside system'),
    mayImportOnly('activities', ['domain', 'crypto', 'telemetry', 'db', 'clients', 'workflows'], 'one side effect each'),
    mayImportOnly('workflows', ['domain', 'activities'], 'deterministic'),
    mayImportOnly('worker', ['domain', 'crypto', 'telemetry', 'db', 'clients', 'activities', 'workflows'], 'all but the API'),
    mayImportOnly('api', ['domain', 'crypto', 'telemetry', 'db', 'clients', 'workflows'], 'never worker or activities'),
    mayImportOnly('oncall', ['domain', 'crypto', 'db', 'clients', 'workflows'], 'looks and mends past the API and the worker'),
    mayImportOnly('deploy', ['domain', 'crypto', 'db', 'clients'], 'one-off jobs'),
    {
      name: 'only-the-workflow-contract',
      comment: 'db, clients, activities, the API and on-call see queues, ids and inputs; never workflow code',
      severity: 'error',
      from: { path: at('(api|clients|activities|db|oncall)/') },
      to: { path: at('workflows/'), pathNot: at(String.raw`workflows/contract\.ts$`) },
    },
    {
      name: 'workflows-take-activity-types-only',
      severity: 'error',
      from: { path: at('workflows/') },
      to: { path: at('activities/'), dependencyTypesNot: ['type-only'] },
    },
    {
      name: 'pure-folders-import-no-node-core',
      comment: 'domain is pure; workflows are replayed: neither reads a clock, a file or a socket',
      severity: 'error',
      from: { path: at('(domain|workflows)/'), pathNot: String.raw`\.test\.ts$` },
      to: { dependencyTypes: ['core'], dependencyTypesNot: ['type-only'] },
    },
    {
      name: 'domain-imports-no-package',
      severity: 'error',
      from: { path: at('domain/'), pathNot: String.raw`\.test\.ts$` },
      to: { dependencyTypes: ['npm', 'npm-dev', 'npm-optional', 'npm-peer'], dependencyTypesNot: ['type-only'] },
    },
    {
      name: 'product-never-imports-the-stack',
      severity: 'error',
      from: { path: at('(domain|crypto|telemetry|db|clients|activities|workflows|worker|api|web)/'), pathNot: String.raw`\.test\.ts$` },
      to: { path: at('(oncall|deploy|stack|demo|test|bench|scripts)/') },
    },
    {
      name: 'web-is-a-client',
      severity: 'error',
      from: { path: at('web/') },
      to: { path: at('(domain|crypto|telemetry|db|clients|activities|workflows|worker)/') },
    },
  ],
  options: {
    doNotFollow: { path: 'node_modules' },
    exclude: { path: process.env.BOUNDARIES_ROOT === undefined ? ['^test/boundaries/planted/', String.raw`^\.stack/`] : [] },
    tsPreCompilationDeps: true,
    detectJSDocImports: false,
    enhancedResolveOptions: {
      exportsFields: ['exports'],
      extensions: ['.ts', '.mts', '.js', '.mjs', '.json'],
      conditionNames: ['import', 'node', 'default', 'types'],
    },
    parser: 'swc',
  },
}
