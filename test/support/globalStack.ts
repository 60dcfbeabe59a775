/**
 * One real stack for the whole run. Its data start empty and stay in `.stack/test` afterwards, so that a
 * failed run can be looked at.
 */
import { randomBytes } from 'node:crypto'
import type { TestProject } from 'vitest/node'
import { startStack } from '../../stack/startStack.ts'
import type { Stack } from '../../stack/startStack.ts'
import { searchForCanary } from './searchForCanary.ts'

/** What a test may know of the stack: its addresses and secrets, nothing that acts. */
export type StackAddresses = Pick<
  Stack,
  'folder' | 'region' | 'postgres' | 'temporal' | 's3' | 'clamd' | 'mail' | 'codec' | 'webOrigins'
> & {
  pager: Omit<Stack['pager'], 'alerts'>
}

declare module 'vitest' {
  interface ProvidedContext {
    stack: StackAddresses
    /** Stands in every message, file name and file that the tests write; see `canary.ts`. */
    canary: string
  }
}

const folder = '.stack/test'

export default async function setup(project: TestProject): Promise<() => Promise<void>> {
  const stack = await startStack({ folder, isFresh: true, log: process.stderr.isTTY ? 'live' : 'lines' })
  const { region, postgres, temporal, s3, clamd, mail, codec, webOrigins } = stack
  const { alerts: _, ...pager } = stack.pager
  const canary = `canary${randomBytes(12).toString('hex')}`
  project.provide('stack', { folder: stack.folder, region, postgres, temporal, s3, clamd, mail, codec, webOrigins, pager })
  project.provide('canary', canary)
  return async () => {
    try {
      await searchForCanary(stack, canary)
    } finally {
      await stack.stop()
    }
  }
}
