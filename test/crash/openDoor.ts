import { inject } from 'vitest'
import { createS3Client } from '../../clients/s3/createS3Client.ts'
import { createUploadSigner } from '../../clients/s3/createUploadSigner.ts'
import type { AttachmentWorld } from '../support/attachmentWorld.ts'
import { startApi, type RunningApi } from '../support/startApi.ts'

/** An API in front of a world, which outlives the world's workers. What it asks for is started by the relay alone: so that a test says when. */
export const openDoor = async (world: AttachmentWorld): Promise<RunningApi> => {
  const { endpoint, region, api } = inject('stack').s3
  const store = createS3Client({ endpoint, region, credentials: api })
  const { adapters, config, buckets } = world
  return startApi(world.database, {
    signer: createUploadSigner(store, buckets.names.incoming),
    keys: adapters.keys,
    districtKeys: adapters.districtKeys,
    taskQueues: config.taskQueues,
    startWorkflow: async () => undefined,
  })
}
