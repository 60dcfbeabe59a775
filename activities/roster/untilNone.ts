/** Does `work`, at most `limit` rows at a time, until there are none left. Answers how many there were. */
export const untilNone = async (
  limit: number,
  signal: AbortSignal,
  work: (limit: number) => Promise<{ count: number }>,
): Promise<number> => {
  let total = 0
  for (;;) {
    signal.throwIfAborted()
    const { count } = await work(limit)
    total += count
    if (count < limit) return total
  }
}
