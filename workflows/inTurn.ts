import { isCancellation } from '@temporalio/workflow'

/** Does steps that need nothing of each other, one after another: one that fails keeps none of the others from their turn. @throws the first failure, at the end. */
export const inTurn = async <Steps extends Record<string, () => Promise<unknown>>>(
  steps: Steps,
): Promise<{ [Name in keyof Steps]: Awaited<ReturnType<Steps[Name]>> }> => {
  const answers: Record<string, unknown> = {}
  const failures: unknown[] = []
  for (const [name, step] of Object.entries(steps)) {
    try {
      answers[name] = await step()
    } catch (error) {
      if (isCancellation(error)) throw error
      failures.push(error)
    }
  }
  if (failures.length > 0) throw failures[0]
  return answers as { [Name in keyof Steps]: Awaited<ReturnType<Steps[Name]>> }
}
