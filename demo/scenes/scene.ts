/** One thing that a scene looks at: what must be seen there, and what was. `ms` is how long it took: shown, and never judged. */
export type Check = { what: string; expected: string; seen: string; ms: number }

export type Shown = {
  checks: Check[]
  /** For the reader: whom it concerns, and where more is to be seen. */
  notes: string[]
}

/** Something that happens to the sample district's roster, and what its people see of it. */
export type Scene = Shown & { title: string }

export const isCheckMet = ({ expected, seen }: Check): boolean => seen === expected

/** Does something and answers its result, with how long it took. */
export const timed = async <T>(act: () => Promise<T>): Promise<{ value: T; ms: number }> => {
  const startedAt = performance.now()
  const value = await act()
  return { value, ms: performance.now() - startedAt }
}
