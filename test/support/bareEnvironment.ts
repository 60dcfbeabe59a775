import { join } from 'node:path'
import { inject } from 'vitest'

/** Nothing of ours: a process of a test is told everything else. Compiled code is kept beside the stack's data, which halves what a start costs. */
export const bareEnvironment = (): Record<string, string> => ({
  PATH: process.env['PATH'] ?? '',
  NODE_COMPILE_CACHE: join(inject('stack').folder, 'compiled'),
})
