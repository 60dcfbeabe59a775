import { z } from '@hono/zod-openapi'

export const pageItemsMax = 100
const pageItemsDefault = 50

/** How many items a page holds at most. */
export const limitSchema = z.coerce
  .number()
  .int()
  .min(1)
  .max(pageItemsMax)
  .default(pageItemsDefault)
  .openapi({ description: 'Items per page', example: 50 })

/** An opaque position in a list. Given out by the list itself; its inside may change. */
export const cursorSchema = z
  .string()
  .min(1)
  .max(300)
  .regex(/^[\w-]+$/, { error: 'Use a cursor that a list gave you.' })
  .openapi({ description: 'Opaque position, as given by a page', example: 'eyJhdCI6M30' })

/** `?cursor=&limit=` of a list that is read in one direction. */
export const pageQuery = z.strictObject({ cursor: cursorSchema.optional(), limit: limitSchema })

/** A page of a list that is read in one direction. */
export const toPageSchema = <Item extends z.ZodType>(item: Item) =>
  z.object({ items: z.array(item), nextCursor: z.string().nullable().openapi({ description: 'null on the last page' }) })
