/** So many are under way at a time. */
export const concurrent = 10

/** The milliseconds that each call took, by its turn from 1 to `count`, `concurrent` of them at a time. */
export const timeCalls = async (count: number, call: (turn: number) => Promise<unknown>): Promise<number[]> => {
  const took: number[] = []
  let next = 0
  const work = async (): Promise<void> => {
    while (next < count) {
      next += 1
      const turn = next
      const began = performance.now()
      await call(turn)
      took.push(performance.now() - began)
    }
  }
  await Promise.all(Array.from({ length: concurrent }, work))
  return took
}
