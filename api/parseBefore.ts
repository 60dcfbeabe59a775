import { z } from '@hono/zod-openapi'
import { parseCursor } from './cursor.ts'
import { idSchema } from './schemas/idSchema.ts'

const position = z.object({ before: idSchema })

/** Reads the cursor of a list by id, newest first: the id before which to read on, null at the newest. @throws {InvalidInput} when this API did not give it out. */
export const parseBefore = (cursor: string | undefined): string | null =>
  cursor === undefined ? null : parseCursor(position, 'cursor', cursor).before
