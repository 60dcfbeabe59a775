import { cp, mkdir, mkdtemp, readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'

const root = fileURLToPath(new URL('../..', import.meta.url))

/** `from` stands in the file exactly once, so that a fixture does not fall silent when the code moves on. */
export type WorkflowEdit = { file: string; from: string; to: string }

/** A copy of the workflows with edits in it. Answers the path of its list of workflows, for a worker or a bundle. */
export const changeWorkflows = async (...edits: WorkflowEdit[]): Promise<string> => {
  await mkdir(join(root, '.stack'), { recursive: true })
  // Inside the repository: packages are looked for in the folders above.
  const folder = await mkdtemp(join(root, '.stack', 'changed-workflows-'))
  for (const name of ['workflows', 'domain']) await cp(join(root, name), join(folder, name), { recursive: true })
  for (const { file, from, to } of edits) {
    const path = join(folder, 'workflows', file)
    const before = await readFile(path, 'utf8')
    if (before.split(from).length !== 2) throw new Error(`${file} does not hold this once: ${from}`)
    await writeFile(
      path,
      before.replace(from, () => to),
    )
  }
  return join(folder, 'workflows', 'registered.ts')
}
