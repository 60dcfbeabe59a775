import { cp, mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import type { DataConverter } from '@temporalio/common'
import type { WorkflowBundleWithSourceMap } from '@temporalio/worker'
import { bundleWorkflows } from './bundleWorkflows.ts'

const root = fileURLToPath(new URL('../..', import.meta.url))

/** `from` stands in the file exactly once, so that a fixture does not fall silent when the code moves on. */
export type WorkflowEdit = { file: string; from: string; to: string }

/** The bundle of a copy of the workflows with edits in it. */
export const bundleChangedWorkflows = async (
  dataConverter: DataConverter,
  ...edits: WorkflowEdit[]
): Promise<WorkflowBundleWithSourceMap> => {
  await mkdir(join(root, '.stack'), { recursive: true })
  // Inside the repository: packages are looked for in the folders above.
  const folder = await mkdtemp(join(root, '.stack', 'changed-workflows-'))
  try {
    for (const name of ['workflows', 'domain']) await cp(join(root, name), join(folder, name), { recursive: true })
    for (const edit of edits) await change(join(folder, 'workflows'), edit)
    return await bundleWorkflows(dataConverter, join(folder, 'workflows', 'registered.ts'))
  } finally {
    await rm(folder, { recursive: true, force: true })
  }
}

const change = async (folder: string, { file, from, to }: WorkflowEdit): Promise<void> => {
  const path = join(folder, file)
  const before = await readFile(path, 'utf8')
  if (before.split(from).length !== 2) throw new Error(`${file} does not hold this once: ${from}`)
  await writeFile(
    path,
    before.replace(from, () => to),
  )
}
