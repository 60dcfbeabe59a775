import { ApplicationFailure, proxyActivities } from '@temporalio/workflow'

const { echo } = proxyActivities<{ echo: (text: string) => Promise<string> }>({
  startToCloseTimeout: '10 seconds',
  retry: { maximumAttempts: 1 },
})

/** Sends its input through an activity and back. */
export async function echoThrice(input: { text: string }): Promise<string> {
  return `result ${await echo(`activity ${input.text}`)}`
}

/** Fails with what it was given. */
export async function failWith(input: { text: string }): Promise<never> {
  throw ApplicationFailure.nonRetryable(`failure ${input.text}`, 'AsAsked', `details ${input.text}`)
}
