import type { Client } from '@temporalio/client'
import { createClient, type ApiClient } from '../../api/client.ts'
import { openLocalKeyService } from '../../clients/localKeyFile.ts'
import { loadPayloadKeyRing } from '../../clients/payloadKeyRingFile.ts'
import { connectTemporal } from '../../clients/temporalClient.ts'
import { createDataConverter } from '../../clients/temporalDataConverter.ts'
import { toPlace } from '../../demo/district/place.ts'
import { signIn } from '../../demo/district/signIn.ts'
import { keyPaths } from '../../stack/appEnvironment.ts'
import { findApertium } from '../../stack/binaries/findApertium.ts'
import { floorQueue } from '../floor/runFloor.ts'
import { startFloorWorker } from '../floor/startFloorWorker.ts'
import { liftQuotas } from '../liftQuotas.ts'
import { names, studentOf } from '../messaging/makeMessagingFeed.ts'
import { openMessagingWorld, type MessagingWorld } from '../messaging/messagingWorld.ts'

/** API, worker and translator as they stand together, and a section whose students are all signed in. */
export type TranslationWorld = Pick<MessagingWorld, 'client' | 'districtId' | 'channelIds' | 'sections'> & {
  /** Of the translator. */
  endpoint: string
  readers: ApiClient[]
  /** The floor's worker polls `floorQueue`. */
  temporal: Client
  /** How many texts the translator has been given so far, by its own count. */
  countCalls(): Promise<number>
  close(): Promise<void>
}

export type WorldSize = { readers: number; channels: number }

const signReadersIn = async (world: MessagingWorld, count: number): Promise<ApiClient[]> => {
  const place = toPlace(world.stack, { api: { url: world.apiUrl, docs: '' } })
  const readers: ApiClient[] = []
  for (let n = 0; n < count; n += 1) {
    const token = await signIn(place, world.districtId, studentOf(names.large, n))
    readers.push(createClient(world.apiUrl, token ?? ''))
  }
  return readers
}

const connect = async ({ stack }: MessagingWorld): Promise<Client> => {
  const { keyFolder, keyRingFile } = keyPaths(stack)
  const ring = await loadPayloadKeyRing(await openLocalKeyService(keyFolder), keyRingFile)
  return connectTemporal({ ...stack.temporal, dataConverter: createDataConverter(ring) })
}

/** @throws StackProblem where Apertium cannot be had: nothing is measured without a translator. */
export const openTranslationWorld = async (size: WorldSize, tell: (what: string) => void): Promise<TranslationWorld> => {
  await findApertium(tell)
  const world = await openMessagingWorld({ small: size.channels, large: size.readers })
  try {
    await liftQuotas(world.stack, world.districtId)
    const { endpoint, problem } = world.stack.translation
    if (endpoint === null) throw new Error(problem)
    await startFloorWorker(world.stack, floorQueue)
    const temporal = await connect(world)
    return {
      ...world,
      endpoint,
      temporal,
      readers: await signReadersIn(world, size.readers),
      countCalls: async () => ((await (await fetch(`${endpoint}/calls`)).json()) as { calls: number }).calls,
      close: async () => {
        await temporal.connection.close()
        await world.close()
      },
    }
  } catch (error) {
    await world.close()
    throw error
  }
}
