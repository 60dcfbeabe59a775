import { timed, type Check } from './scene.ts'

/** One step: what must be seen, and how it is done. */
export type Step = [what: string, expected: string, act: () => Promise<string>]

/** One step after the other, whatever was seen at those before. */
export const playSteps = async (steps: readonly Step[]): Promise<Check[]> => {
  const checks: Check[] = []
  for (const [what, expected, act] of steps) {
    const { value, ms } = await timed(act)
    checks.push({ what, expected, seen: value, ms })
  }
  return checks
}
