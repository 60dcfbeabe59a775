import { z } from 'zod'
import type { Engineer } from './engineerCheck.ts'

/** `name:sha256,…`: each engineer by name, so that the audit log can say which one it was. */
export const codecTokens = z
  .string()
  .regex(/^[\w.-]{1,64}:[0-9a-f]{64}(,[\w.-]{1,64}:[0-9a-f]{64})*$/, {
    error: 'expected name:SHA-256 in lower-case hex, one or more, separated by commas',
    abort: true,
  })
  .transform((list): Engineer[] =>
    list.split(',').map((entry) => {
      const [name = '', tokenSha256 = ''] = entry.split(':')
      return { name, tokenSha256 }
    }),
  )
  .refine((engineers) => new Set(engineers.flatMap(({ name, tokenSha256 }) => [name, tokenSha256])).size === 2 * engineers.length, {
    error: 'expected every name and every token once',
  })
