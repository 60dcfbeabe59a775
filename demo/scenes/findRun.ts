import { setTimeout as wait } from 'node:timers/promises'
import { Client, Connection } from '@temporalio/client'
import { toRunLink } from '../../clients/toRunLink.ts'
import type { TemporalAddress } from '../../stack/servers/temporal.ts'

const patienceMs = 30_000

/**
 * Waits until a run says that it is at `stage`, as the Temporal UI shows it. Answers the stage that was seen last, `none` without a run, and the address
 * of the run in the UI.
 */
export const findRun = async (temporal: TemporalAddress, workflowId: string, stage: string): Promise<{ stage: string; link: string }> => {
  const client = new Client({ connection: await Connection.connect({ address: temporal.address }), namespace: temporal.namespace })
  const until = performance.now() + patienceMs
  try {
    for (;;) {
      // By the list, which reads no payload: those are encrypted, and the demo has no key.
      let last = { stage: 'none', link: temporal.ui }
      for await (const run of client.workflow.list({ query: `WorkflowId = '${workflowId}'` })) {
        const link = toRunLink({ uiUrl: temporal.ui, namespace: temporal.namespace }, run)
        last = { stage: String(run.searchAttributes['Stage']?.[0]), link }
      }
      if (last.stage === stage || performance.now() > until) return last
      await wait(200)
    }
  } finally {
    await client.connection.close()
  }
}
