import type { z } from 'zod'
import { InvalidInput } from './invalidInput.ts'

/**
 * Writes a position in a list as an opaque word. It grants nothing: whoever reads on is decided again, and a made-up
 * position only moves the window over what the reader may see anyway.
 */
export const toCursor = (position: Readonly<Record<string, string | number | null>>): string =>
  Buffer.from(JSON.stringify(position)).toString('base64url')

/**
 * Reads a cursor that this API gave out.
 * @throws {InvalidInput} naming the query parameter when it is anything else.
 */
export const parseCursor = <Shape extends z.ZodType>(shape: Shape, parameter: string, cursor: string): z.output<Shape> => {
  const refuse = (): never => {
    throw new InvalidInput([
      { in: 'query', pointer: `/${parameter}`, code: 'invalid-cursor', message: 'Use a cursor that this list gave you.' },
    ])
  }
  let position: unknown
  try {
    position = JSON.parse(Buffer.from(cursor, 'base64url').toString())
  } catch {
    return refuse()
  }
  const parsed = shape.safeParse(position)
  return parsed.success ? parsed.data : refuse()
}
