import { readFile } from 'node:fs/promises'
import { inject } from 'vitest'

/** The workflows of this tree as a worker's process bundles them at its start: made once for the whole run, since it takes seconds of a processor. */
export const readWorkflowBundle = async (): Promise<{ code: string }> => ({ code: await readFile(inject('workflowBundleFile'), 'utf8') })
