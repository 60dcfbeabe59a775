import { toCursor } from './cursor.ts'

/**
 * A page of what was found when one more than `limit` was asked for: that it is there says that there is more. `toPosition` says of the page's last item from
 * where to read on.
 */
export const toPage = <Item>(
  found: readonly Item[],
  limit: number,
  toPosition: (last: Item) => Parameters<typeof toCursor>[0],
): { items: Item[]; nextCursor: string | null } => {
  const items = found.slice(0, limit)
  const last = found.length > limit ? items.at(-1) : undefined
  return { items, nextCursor: last === undefined ? null : toCursor(toPosition(last)) }
}
