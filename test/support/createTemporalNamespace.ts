import { Connection } from '@temporalio/client'
import proto from '@temporalio/proto'
import { inject } from 'vitest'
import { searchAttributes } from '../../workflows/contract.ts'

const { INDEXED_VALUE_TYPE_KEYWORD } = proto.temporal.api.enums.v1.IndexedValueType
const retentionSeconds = 86_400

/** A namespace of the run's Temporal server with our search attributes. Schedules have the same ids in every world: who registers them needs one. */
export const createTemporalNamespace = async (namespace: string): Promise<void> => {
  const connection = await Connection.connect({ address: inject('stack').temporal.address })
  try {
    await connection.workflowService.registerNamespace({
      namespace,
      workflowExecutionRetentionPeriod: { seconds: retentionSeconds as never },
    })
    const types = Object.keys(searchAttributes).map((name) => [name, INDEXED_VALUE_TYPE_KEYWORD])
    await connection.operatorService.addSearchAttributes({ namespace, searchAttributes: Object.fromEntries(types) })
  } finally {
    await connection.close()
  }
}
