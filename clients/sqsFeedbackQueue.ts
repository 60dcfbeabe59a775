import { DeleteMessageCommand, ReceiveMessageCommand, SQSClient } from '@aws-sdk/client-sqs'
import type { FeedbackQueue } from '../domain/ports.ts'
import { isInternalEndpoint, isResidentEndpoint, isUsRegion } from '../domain/residency.ts'

/** As many as SQS gives at once. */
const messagesAtOnce = 10
/** So long a message is nobody else's; then it comes again. */
const visibilitySeconds = 120

/**
 * The queue into which Amazon SES's events come, by SNS or by EventBridge. Whoever may write into it is decided by its policy: nothing comes from the open net.
 * @throws when the region or the queue lies outside the United States.
 */
export const createSqsFeedbackQueue = ({ region, queueUrl }: { region: string; queueUrl: string }): FeedbackQueue => {
  if (!isUsRegion(region) || !isResidentEndpoint(queueUrl))
    throw new Error('feedback on mails stays in the United States: the queue is not there')
  const sqs = new SQSClient({
    region,
    requestHandler: { connectionTimeout: 5_000, requestTimeout: 15_000 },
    // What stands in for AWS on this machine is where its queue is, and asks nobody who they are.
    ...(isInternalEndpoint(queueUrl)
      ? { endpoint: new URL(queueUrl).origin, credentials: { accessKeyId: 'local', secretAccessKey: 'local' } }
      : {}),
  })
  return {
    receive: async () => {
      const asked = { QueueUrl: queueUrl, MaxNumberOfMessages: messagesAtOnce, VisibilityTimeout: visibilitySeconds, WaitTimeSeconds: 0 }
      const { Messages = [] } = await sqs.send(new ReceiveMessageCommand(asked))
      return Messages.flatMap(({ Body: body, ReceiptHandle: receipt }) => (receipt === undefined ? [] : [{ body: body ?? '', receipt }]))
    },
    remove: async (receipt) => {
      await sqs.send(new DeleteMessageCommand({ QueueUrl: queueUrl, ReceiptHandle: receipt }))
    },
  }
}
