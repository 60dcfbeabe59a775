import { makeEicar } from '../../demo/corpus/eicar.ts'
import type { WorkerConfig } from '../../worker/config.ts'
import { createAttachmentWorld, type AttachmentWorld } from './attachmentWorld.ts'
import { withCanary } from './canary.ts'

/** A world with workers, without API and relay, and two files whose scans have ended. */
export type ScannedWorld = { world: AttachmentWorld; infected: string; clean: string }

export const openScannedWorld = async (change: Partial<WorkerConfig> = {}): Promise<ScannedWorld> => {
  const world = await createAttachmentWorld(change)
  await world.startWorkers()
  const infected = await world.send(makeEicar(), 'text/plain')
  const clean = await world.send(Buffer.from(withCanary('harmless')), 'text/plain')
  await Promise.all([world.scanOutcome(infected), world.scanOutcome(clean)])
  return { world, infected, clean }
}
