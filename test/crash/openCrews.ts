import { rm } from 'node:fs/promises'
import { join } from 'node:path'
import { inject } from 'vitest'
import { createDataConverter } from '../../clients/temporalDataConverter.ts'
import type { AttachmentWorld } from '../support/attachmentWorld.ts'
import { present } from '../support/present.ts'
import { replayRing } from '../support/replayRing.ts'
import { bundleHastily } from './bundleHastily.ts'
import { openCrashCrew, type CrashCrew, type CrewOptions } from './crashCrew.ts'
import type { Settling } from './scenario.ts'
import { fireVolley, takeVolley, type VolleyEnd, type Walk } from './volley.ts'

/** Crews that do walks one volley after the other, each as soon as it is free. */
export type Crews<End> = {
  /** One of their worlds: all are alike. */
  world: AttachmentWorld
  /** Does every walk, tells `note` what each came by, and answers what went wrong. A crew with which something did is not used again. */
  walkAll(walks: readonly Walk<End>[], note?: (seen: VolleyEnd<End>['seen']) => void): Promise<string[]>
  close(): Promise<void>
}

type CrewsOptions<End> = Omit<CrewOptions, 'bundlePath'> & { crewCount: number; settling: Settling<End> }

export const openCrews = async <End>({ crewCount, settling, ...options }: CrewsOptions<End>): Promise<Crews<End>> => {
  const bundlePath = join(inject('stack').folder, `crash-workflows-${process.pid}.js`)
  await bundleHastily(bundlePath, createDataConverter(replayRing))
  const open = (): Promise<CrashCrew> => openCrashCrew({ ...options, bundlePath })
  const crews: CrashCrew[] = []
  for (let count = 0; count < crewCount; count += 1) crews.push(await open())
  return {
    world: present(present(crews[0]).worlds[0]),
    walkAll: async (walks, note = () => undefined) => {
      const left = [...walks]
      const wrong: string[] = []
      const drive = async (index: number): Promise<void> => {
        while (left.length > 0) {
          const crew = present(crews[index])
          const volley = fireVolley(crew, takeVolley(left, options.worldCount), settling)
          const end = await volley.catch((error: Error) => ({ seen: [], wrong: [error.message] }))
          note(end.seen)
          if (end.wrong.length === 0) continue
          wrong.push(...end.wrong)
          // A long list of deaths ends much later: whoever waits for it sees what to stop it for.
          for (const one of end.wrong) process.stderr.write(`wrong: ${one}\n`)
          crews[index] = await open()
          await crew.close()
        }
      }
      await Promise.all(crews.map((_, index) => drive(index)))
      return wrong
    },
    close: async () => {
      for (const crew of crews) await crew.close()
      await rm(bundlePath, { force: true })
    },
  }
}
