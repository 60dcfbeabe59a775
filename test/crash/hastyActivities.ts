import type { ActivityInput, WorkflowInterceptorsFactory } from '@temporalio/workflow'

/** Longer than the second between two heartbeats of an activity that lives. */
const heartbeatMs = 2_500
/** Of activities that do not say that they live. */
const stepMs = 4_000
const standingTries = 100

/**
 * Lets the server take an activity for dead after seconds, where the workflows wait for minutes or hours: everything else about them is as in production.
 * Part of the bundle that the crash tests' workers run.
 */
export const interceptors: WorkflowInterceptorsFactory = () => ({
  outbound: [
    {
      scheduleActivity: (input: ActivityInput, next) => {
        const { heartbeatTimeout, retry } = input.options
        const hasty = heartbeatTimeout === undefined ? { startToCloseTimeout: stepMs } : { heartbeatTimeout: heartbeatMs }
        // One that stands still, until all others stand too, runs out of its time: that is no failure of a step that has only so many tries.
        const tries = (retry?.maximumAttempts ?? 1) > 1 ? { maximumAttempts: standingTries } : {}
        const options = { ...input.options, ...hasty, retry: { ...retry, ...tries, initialInterval: 50, maximumInterval: 200 } }
        return next({ ...input, options })
      },
    },
  ],
})
