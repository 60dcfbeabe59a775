import { createClient } from '../../api/client.ts'
import { runTasks, type TaskLog } from '../../stack/runTasks.ts'
import type { Apps } from '../../stack/startApps.ts'
import type { Stack } from '../../stack/startStack.ts'
import type { WrittenFile } from '../corpus/writeCorpus.ts'
import { findAdministrator } from '../district/makeDistrict.ts'
import type { OpenDistrict } from '../district/openSampleDistricts.ts'
import { toPlace } from '../district/place.ts'
import { breakExport } from './breakExport.ts'
import { homeLanguages } from './homeLanguages.ts'
import { leaveSection } from './leaveSection.ts'
import { openPair } from './openPair.ts'
import { schoolMorning } from './schoolMorning.ts'
import type { Scene } from './scene.ts'

type Cast = { stack: Stack; apps: Apps; district: OpenDistrict; files: readonly WrittenFile[] }

/** A morning at school, an announcement in several languages, and what happens to people when the roster changes, one scene after the other: each leaves the roster as it found it. */
export const playScenes = async (
  { stack, apps, district, files }: Cast,
  { log, signal, patienceMs }: { log: TaskLog; signal: AbortSignal; patienceMs: number },
): Promise<Scene[]> => {
  const file = files.find(({ by, journey, expected }) => by === 'student' && journey === 'upload' && expected.state === 'clean')
  if (file === undefined) throw new Error('no harmless file is a student’s')
  const administrator = createClient(apps.api.url, await district.signIn(findAdministrator(district.rows).sourcedId))
  const pair = await openPair(apps.api.url, district, { file, signal, patienceMs })
  const world = { place: toPlace(stack, apps), apiUrl: apps.api.url, temporal: stack.temporal, translation: stack.translation }
  const stage = { ...world, district, administrator, pair, file, patienceMs, signal }
  const scenes: Scene[] = []
  for (const [title, play] of [
    ['A school morning', schoolMorning],
    ['Home languages', homeLanguages],
    ['A student leaves a section', leaveSection],
    ['A broken export', breakExport],
  ] as const) {
    signal.throwIfAborted()
    await runTasks([{ title, run: async () => void scenes.push({ title, ...(await play(stage)) }) }], log)
  }
  return scenes
}
