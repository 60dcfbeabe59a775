/** As it is in a history: of Temporal's `Failure` message, the parts that say of which kind it is. */
export type FailureKind = {
  applicationFailureInfo?: { type?: string | null } | null
  timeoutFailureInfo?: { timeoutType?: string | number | null } | null
  canceledFailureInfo?: object | null
  terminatedFailureInfo?: object | null
  serverFailureInfo?: object | null
  activityFailureInfo?: object | null
  childWorkflowExecutionFailureInfo?: object | null
  cause?: FailureKind | null
}

/** By the numbers of Temporal's `TimeoutType`. */
const timeouts = ['unspecified', 'start to close', 'schedule to start', 'schedule to close', 'heartbeat']

/** The kind of a failure, never its message: the type that our code gave it, or what Temporal calls it. Of a failed activity it is the cause's. */
export const toFailureType = (failure: FailureKind | null | undefined): string | null => {
  if (!failure) return null
  if (failure.activityFailureInfo || failure.childWorkflowExecutionFailureInfo) return toFailureType(failure.cause) ?? 'failure'
  if (failure.applicationFailureInfo) return failure.applicationFailureInfo.type || 'failure'
  if (failure.timeoutFailureInfo) return `timeout: ${toTimeout(failure.timeoutFailureInfo.timeoutType ?? 0)}`
  if (failure.canceledFailureInfo) return 'cancelled'
  if (failure.terminatedFailureInfo) return 'terminated'
  return failure.serverFailureInfo ? 'server failure' : 'failure'
}

const toTimeout = (type: string | number): string =>
  typeof type === 'number' ? (timeouts[type] ?? 'unspecified') : type.replace('TIMEOUT_TYPE_', '').replaceAll('_', ' ').toLowerCase()
