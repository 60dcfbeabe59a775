/** Whether the saved histories see what they are kept for: workflows are changed on purpose, bundled, and made to replay them. */
import { readFile } from 'node:fs/promises'
import { Worker } from '@temporalio/worker'
import { DeterminismViolationError } from '@temporalio/workflow'
import { describe, expect, test } from 'vitest'
import { createDataConverter } from '../../clients/temporalDataConverter.ts'
import { bundleChangedWorkflows } from '../support/bundleChangedWorkflows.ts'
import '../support/quietRuntime.ts'
import { replayRing } from '../support/replayRing.ts'
import { breakingChanges, harmlessChanges, type PlantedChange } from './plantedChanges.ts'

const dataConverter = createDataConverter(replayRing)

/** Replays the history through the changed workflows. */
const replayChanged = async ({ edits, history }: PlantedChange): Promise<void> => {
  const workflowBundle = await bundleChangedWorkflows(dataConverter, ...edits)
  const saved: unknown = JSON.parse(await readFile(new URL(`histories/${history}.json`, import.meta.url), 'utf8'))
  await Worker.runReplayHistory({ workflowBundle, dataConverter }, saved)
}

describe('a change of a workflow that would leave runs stuck is found by a saved history', () => {
  test.each(breakingChanges)('$change ($history)', async (planted) => {
    await expect(replayChanged(planted)).rejects.toThrow(DeterminismViolationError)
  })
})

describe('a change that no run notices is let pass', () => {
  test.each(harmlessChanges)('$change ($history)', async (planted) => {
    await expect(replayChanged(planted)).resolves.toBeUndefined()
  })
})
