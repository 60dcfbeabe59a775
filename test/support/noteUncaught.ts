import { onTestFinished } from 'vitest'

/** Every fault that nobody catches until the test ends: each would have ended a process of ours. */
export const noteUncaught = (): unknown[] => {
  const uncaught: unknown[] = []
  const note = (error: unknown): void => void uncaught.push(error)
  process.on('uncaughtException', note)
  onTestFinished(() => void process.off('uncaughtException', note))
  return uncaught
}
