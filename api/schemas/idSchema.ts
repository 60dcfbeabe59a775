import { z } from '@hono/zod-openapi'

/**
 * Our id of a thing (UUIDv7), in lower case whatever was sent: what is written down of it and what is named after it, an audit row or a
 * run, has one spelling.
 */
export const idSchema = z.uuid().toLowerCase().openapi({ example: '0192f0c1-2b3c-7d4e-8f50-61728394a5b6' })

/** An instant, UTC. */
export const timeSchema = z.iso.datetime().openapi({ example: '2026-09-01T15:04:05.000Z' })

/** The `{districtId}` of a path: the caller’s own district, or the uniform 404. */
export const districtParams = z.object({ districtId: idSchema })

/** Something of the district. */
export const ofDistrictParams = z.object({ districtId: idSchema, id: idSchema })

/** The `{id}` of a path. One that is no id names nothing and answers the uniform 404. */
export const idParams = z.object({ id: idSchema })
