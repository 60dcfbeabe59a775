/**
 * One real stack for the whole run. Its data start empty and stay in `.stack/test` afterwards, so that a
 * failed run can be looked at.
 */
import { randomBytes } from 'node:crypto'
import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { TestProject } from 'vitest/node'
import { failureConverterPath } from '../../clients/temporalDataConverter.ts'
import { startStack } from '../../stack/startStack.ts'
import type { Stack } from '../../stack/startStack.ts'
import { bundleWorkflows } from './bundleWorkflows.ts'
import { searchForCanary } from './searchForCanary.ts'

/** What a test may know of the stack: its addresses and secrets, nothing that acts. */
export type StackAddresses = Pick<
  Stack,
  'folder' | 'region' | 'postgres' | 'temporal' | 's3' | 'clamd' | 'mail' | 'translation' | 'codec' | 'webOrigins'
> & {
  pager: Omit<Stack['pager'], 'alerts'>
  sms: Omit<Stack['sms'], 'messages'>
}

declare module 'vitest' {
  interface ProvidedContext {
    stack: StackAddresses
    /** Stands in every message, file name and file that the tests write; see `canary.ts`. */
    canary: string
    /** See `readWorkflowBundle.ts`. */
    workflowBundleFile: string
  }
}

const folder = '.stack/test'

export default async function setup(project: TestProject): Promise<() => Promise<void>> {
  const [stack, { code }] = await Promise.all([
    startStack({ folder, isFresh: true, log: process.stderr.isTTY ? 'live' : 'lines' }),
    bundleWorkflows({ failureConverterPath }),
  ])
  const workflowBundleFile = join(stack.folder, 'workflow-bundle.js')
  await writeFile(workflowBundleFile, code)
  const { region, postgres, temporal, s3, clamd, mail, translation, codec, webOrigins } = stack
  const { alerts: _, ...pager } = stack.pager
  const { messages: _messages, ...sms } = stack.sms
  const canary = `canary${randomBytes(12).toString('hex')}`
  project.provide('stack', {
    folder: stack.folder,
    region,
    postgres,
    temporal,
    s3,
    clamd,
    mail,
    translation,
    codec,
    webOrigins,
    pager,
    sms,
  })
  project.provide('canary', canary)
  project.provide('workflowBundleFile', workflowBundleFile)
  return async () => {
    try {
      await searchForCanary(stack, canary)
    } finally {
      await stack.stop()
    }
  }
}
