/**
 * Failure messages and stack traces travel as an encoded payload, and so through the payload codec; by default Temporal stores them as
 * plain text. Loaded by path, by the client and into the workflow bundle: it may import nothing that a workflow may not.
 */
import { DefaultFailureConverter } from '@temporalio/common'

export const failureConverter = new DefaultFailureConverter({ encodeCommonAttributes: true })
