import { execFile } from 'node:child_process'
import { inject } from 'vitest'
import { runOncall as runCommandLine } from '../../oncall/runOncall.ts'
import type { AttachmentWorld } from './attachmentWorld.ts'
import { bareEnvironment } from './bareEnvironment.ts'

/** What the command's process printed and ended with. */
export type OncallEnded = { code: number; stdout: string; stderr: string }

/** What the on-call command is told to work in this world: its own credentials and nobody else's. */
export const oncallEnvironment = ({ environment, database }: AttachmentWorld): Record<string, string> => {
  const { oncall } = inject('stack').s3
  const shared = [
    'HALLPASS_REGION',
    'TEMPORAL_ADDRESS',
    'TEMPORAL_NAMESPACE',
    'TEMPORAL_UI_URL',
    'TASK_QUEUE_ATTACHMENTS',
    'TASK_QUEUE_ROSTER',
    'TASK_QUEUE_TRANSLATIONS',
    'S3_ENDPOINT',
    'S3_REGION',
    'S3_BUCKET_INCOMING',
    'S3_BUCKET_CLEAN',
    'S3_BUCKET_QUARANTINE',
    'S3_BUCKET_ARCHIVE',
    'KEY_FILE',
    'PAYLOAD_KEY_RING_FILE',
  ]
  return {
    ...Object.fromEntries(shared.map((name) => [name, environment[name] ?? ''])),
    DATABASE_URL_ONCALL: database.urls.oncall,
    S3_ONCALL_ACCESS_KEY: oncall.accessKeyId,
    S3_ONCALL_SECRET_KEY: oncall.secretAccessKey,
  }
}

/** Runs the real command as a process. `env` is added to what it is told. */
export const runOncall = (world: AttachmentWorld, args: readonly string[], env: Record<string, string> = {}): Promise<OncallEnded> =>
  new Promise((resolve) => {
    const told = { ...bareEnvironment(), ...oncallEnvironment(world), ...env }
    execFile(process.execPath, ['oncall/oncallMain.ts', ...args], { env: told }, (error, stdout, stderr) =>
      resolve({ code: error === null ? 0 : Number(error.code), stdout, stderr }),
    )
  })

/** Runs it in this process with `--json`, and answers the one document that it printed beside its exit code: what the process does, without its start. */
export const askOncall = async (
  world: AttachmentWorld,
  args: readonly string[],
  env: Record<string, string> = {},
): Promise<{ code: number; document: unknown }> => {
  const { exitCode, stdout, stderr } = await runCommandLine(
    [...args, '--json'],
    { ...oncallEnvironment(world), ...env },
    new AbortController().signal,
  )
  if (stderr !== '') throw new Error(`it said: ${stderr}`)
  return { code: exitCode, document: JSON.parse(stdout) }
}
