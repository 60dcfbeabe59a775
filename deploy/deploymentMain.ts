/** `npm run deployment`: which versions of the workflows there are, and who goes where (docs/decisions/worker-versions.md). */
import { parseArgs } from 'node:util'
import { z } from 'zod'
import { describeDeployment, type DescribedVersion } from '../clients/deployment/describeDeployment.ts'
import { moveOpenRuns, toOpenRunsQuery } from '../clients/deployment/moveOpenRuns.ts'
import { setCurrentVersion } from '../clients/deployment/setCurrentVersion.ts'
import type { WorkerVersion } from '../clients/deployment/workerVersion.ts'
import { findStaffName } from '../clients/findStaffName.ts'
import { connectTemporal } from '../clients/temporalClient.ts'
import { openDatabase, withDistrict } from '../db/openDatabase.ts'
import { operationsDistrictId } from '../db/operationsDistrict.ts'
import { recordAudit } from '../db/queries/recordAudit.ts'
import { findDeploymentSource } from './findDeploymentSource.ts'

const help = `npm run deployment -- status [--json]
npm run deployment -- promote <build id> [--apply --reason <why>]
npm run deployment -- move <build id> [--apply --reason <why>]

  status   the versions, the newest first: where new runs go, and how many runs are pinned to each
  promote  lets new runs go to this version; the server refuses one that no worker serves
  move     lets the open runs of this version go on under the current one. For a version that is not to be waited for

Without --apply nothing is changed. Reads TEMPORAL_ADDRESS, TEMPORAL_NAMESPACE, WORKER_DEPLOYMENT and DATABASE_URL_APP, or else .stack/stack.json.
Exits 0 when done, 1 when the server refused, 2 for wrong use.
`

type Client = ReturnType<typeof connectTemporal>
type Request = { action: 'status' | 'promote' | 'move'; buildId: string; isApplied: boolean; reason: string; json: boolean }

const readRequest = (): Request | null => {
  const { values, positionals } = parseArgs({
    allowPositionals: true,
    options: {
      apply: { type: 'boolean', default: false },
      reason: { type: 'string', default: '' },
      json: { type: 'boolean', default: false },
      help: { type: 'boolean', default: false },
    },
  })
  if (values.help) return null
  const action = z.enum(['status', 'promote', 'move'], { error: 'say status, promote or move (--help)' }).parse(positionals[0])
  const buildId = positionals[1] ?? ''
  if (action !== 'status' && !/^[\w.-]{1,64}$/.test(buildId)) throw new Error(`${action} needs a build id: npm run deployment -- status`)
  if (values.apply && values.reason.trim() === '') throw new Error('--reason is required with --apply: it stands in the audit log')
  return { action, buildId, isApplied: values.apply, reason: values.reason.trim().slice(0, 500), json: values.json }
}

const countOpen = async (client: Client, version: WorkerVersion): Promise<number> =>
  (await client.workflow.count(toOpenRunsQuery(version))).count

type Counted = DescribedVersion & { openRuns: number }

const printStatus = (versions: Counted[], { json }: Request): void => {
  if (json) process.stdout.write(`${JSON.stringify({ versions })}\n`)
  else if (versions.length === 0) process.stdout.write('no worker of this deployment has asked for work yet\n')
  else
    for (const { buildId, standing, openRuns, createdAt } of versions)
      process.stdout.write(
        `${buildId.padEnd(18)}${standing.padEnd(10)}${String(openRuns).padStart(6)} open runs  since ${createdAt?.toISOString() ?? '?'}\n`,
      )
}

/** The row in the audit log and the act: neither without the other, but for a fault at the very moment of the commit. */
const act = async (client: Client, databaseUrl: string, version: WorkerVersion, request: Request): Promise<number> => {
  const database = await openDatabase({ url: databaseUrl, connectionsMax: 1 })
  try {
    return await withDistrict(database, operationsDistrictId, async (tx) => {
      await recordAudit(tx, {
        actor: { kind: 'staff', name: findStaffName() },
        action: `deployment.${request.action}`,
        target: { kind: 'worker-version', id: version.buildId },
        reason: request.reason,
        details: { deployment: version.deploymentName },
      })
      if (request.action === 'move') return moveOpenRuns(client, version)
      if (!(await setCurrentVersion(client, version)))
        throw new Refused('the server refused: no worker of this version asks for work, or not on every queue')
      return 1
    })
  } finally {
    await database.close()
  }
}

class Refused extends Error {
  override readonly name = 'Refused'
}

const main = async (): Promise<void> => {
  const request = readRequest()
  if (request === null) return void process.stdout.write(help)
  const source = findDeploymentSource()
  const client = connectTemporal({ address: source.address, namespace: source.namespace, dataConverter: {} })
  const { deploymentName } = source
  try {
    const described = await describeDeployment(client, deploymentName)
    const counting = described.map(async (one) => ({ ...one, openRuns: await countOpen(client, { deploymentName, buildId: one.buildId }) }))
    const versions = await Promise.all(counting)
    if (request.action === 'status') return printStatus(versions, request)
    const asked = versions.find(({ buildId }) => buildId === request.buildId)
    if (asked === undefined) throw new Refused('the deployment has no such version: npm run deployment -- status')
    const done = request.isApplied ? await act(client, source.databaseUrl, { deploymentName, buildId: asked.buildId }, request) : 0
    const outcome = { action: request.action, buildId: asked.buildId, applied: request.isApplied, openRuns: asked.openRuns, done }
    const told = request.isApplied
      ? `${request.action}d: ${done}`
      : `nothing changed: this would ${request.action} ${asked.buildId}, which has ${asked.openRuns} open runs (--apply)`
    process.stdout.write(request.json ? `${JSON.stringify(outcome)}\n` : `${told}\n`)
  } finally {
    await client.connection.close()
  }
}

try {
  await main()
} catch (error) {
  process.stderr.write(
    `hallpass: ${error instanceof z.ZodError ? error.issues.map(({ message }) => message).join('; ') : error instanceof Error ? error.message : 'failed'}\n`,
  )
  process.exitCode = error instanceof Refused ? 1 : 2
}
