import { access, mkdir, writeFile } from 'node:fs/promises'
import { historyToJSON } from '@temporalio/common/lib/proto-utils.js'
import { Worker } from '@temporalio/worker'
import { expect } from 'vitest'
import { createDataConverter } from '../../clients/temporalDataConverter.ts'
import { createPayloadCodec } from '../../crypto/payloadCodec.ts'
import type { Adapters } from '../../worker/openAdapters.ts'
import { portHistory } from './portHistory.ts'
import { readWorkflowBundle } from './readWorkflowBundle.ts'
import { replayRing } from './replayRing.ts'

const folder = new URL('../replay/histories/', import.meta.url)

/** Replays what a run made, and expects that a history of its path is kept. With `SAVE_HISTORIES=1` it keeps this one. */
export const expectHistoryKept = async (
  { client, codec, dataConverter }: Pick<Adapters, 'client' | 'codec' | 'dataConverter'>,
  name: string,
  { workflowId, runId }: { workflowId: string; runId?: string },
): Promise<void> => {
  const workflowBundle = await readWorkflowBundle()
  const history = await client.workflow.getHandle(workflowId, runId).fetchHistory()
  await Worker.runReplayHistory({ workflowBundle, dataConverter }, history, workflowId)
  const file = new URL(`${name}.json`, folder)
  if (process.env.SAVE_HISTORIES === '1') {
    const codecs = { from: codec, to: createPayloadCodec(replayRing) }
    const ported = await portHistory(JSON.parse(historyToJSON(history)), codecs)
    await Worker.runReplayHistory({ workflowBundle, dataConverter: createDataConverter(replayRing) }, ported, workflowId)
    await mkdir(folder, { recursive: true })
    await writeFile(file, `${JSON.stringify(ported, null, 1)}\n`)
  }
  await expect(access(file)).resolves.toBeUndefined()
}
