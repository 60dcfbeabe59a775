import type { ContentFields } from './contentFields.ts'

/** One box of ISO 14496-12: `start` is its first byte, `body` the first after its header, `end` the first after it. */
export type Box = { type: string; start: number; body: number; end: number }

export class UnreadableMp4 extends Error {
  override readonly name = 'UnreadableMp4'
}

/** The boxes between `start` and `end`, which they must fill exactly. @throws UnreadableMp4 */
export const listBoxes = (content: ContentFields, start: number, end: number): Box[] => {
  const boxes: Box[] = []
  for (let at = start; at < end;) {
    if (at + 8 > end) throw new UnreadableMp4('a box is cut off')
    const type = content.latin1(at + 4, at + 8)
    const size = content.uint32(at)
    let body = at + 8
    let next = at + size
    if (size === 1) {
      if (at + 16 > end) throw new UnreadableMp4('a box is cut off')
      body = at + 16
      next = at + content.uint64(at + 8)
    } else if (size === 0) next = end
    if (next < body || next > end) throw new UnreadableMp4('a box is cut off')
    boxes.push({ type, start: at, body, end: next })
    if (boxes.length > 100_000) throw new UnreadableMp4('there is no end of boxes')
    at = next
  }
  return boxes
}

/** The boxes in `box` of each type. */
export const listInside = (content: ContentFields, box: Box): Box[] => listBoxes(content, box.body, box.end)

/** The first box found by going down `path` from `box`, or null. */
export const findBox = (content: ContentFields, box: Box, path: readonly string[]): Box | null => {
  const [type, ...rest] = path
  if (type === undefined) return box
  const inside = listInside(content, box).find((one) => one.type === type)
  return inside === undefined ? null : findBox(content, inside, rest)
}
