import { join } from 'node:path'
import { findClamavTestfiles } from '../stack/binaries/findClamavTestfiles.ts'
import { runTasks, type TaskLog } from '../stack/runTasks.ts'
import type { Apps } from '../stack/startApps.ts'
import type { Stack } from '../stack/startStack.ts'
import { openSampleDistricts, type OpenDistrict } from './district/openSampleDistricts.ts'
import { toPlace } from './district/place.ts'
import { listCorpus } from './corpus/listCorpus.ts'
import { writeCorpus, type WrittenFile } from './corpus/writeCorpus.ts'
import type { FileResult } from './report/fileResult.ts'
import { showJourneys } from './report/showJourneys.ts'
import { playScenes } from './scenes/playScenes.ts'
import type { Scene } from './scenes/scene.ts'
import { openConversations, type Conversation } from './scenario/openConversations.ts'
import { sendCorpus } from './scenario/sendCorpus.ts'
import { waitForAlerts } from './waitForAlerts.ts'

/** What the applications are told otherwise than in production, so that an upload that never comes is seen to expire. */
export const demoEnvironment: Record<string, string> = {
  UPLOAD_TICKET_SECONDS: '20',
  UPLOAD_LONGEST_SECONDS: '5',
  SWEEP_INTERVAL_SECONDS: '3',
}

/** Each writes with a student and a guardian. */
export const teacherCount = 6
const clients = 6
/** A file that has not ended by then is counted as failed: it bounds a fault, and is no measure of a machine that has other things to do. */
const patienceMs = 300_000
const alertPatienceMs = 20_000

const talk = (apps: Apps, { rows, signIn }: OpenDistrict): Promise<Conversation[]> => {
  const teachers = rows.users.filter((user) => user.role === 'teacher').slice(0, teacherCount)
  return openConversations(
    apps.api.url,
    signIn,
    teachers.map((teacher) => teacher.sourcedId),
  )
}

type Options = { log: TaskLog; signal: AbortSignal }
type Prepared = { district: OpenDistrict; conversations: Conversation[]; files: WrittenFile[] }

const prepare = async (stack: Stack, apps: Apps, { log }: Options): Promise<Prepared> => {
  const prepared: Partial<Prepared> = {}
  await runTasks(
    [
      {
        title: 'Sample district from a OneRoster zip, and people who write to each other',
        run: async () => {
          prepared.district = (await openSampleDistricts(toPlace(stack, apps))).sample
          prepared.conversations = await talk(apps, prepared.district)
        },
      },
      {
        title: 'Files to send',
        run: async (tell) => {
          const corpus = listCorpus({ testFilesFolder: await findClamavTestfiles(tell) })
          prepared.files = await writeCorpus(corpus, join(stack.folder, 'demo-files'))
        },
      },
    ],
    log,
  )
  return prepared as Prepared
}

const sendAll = async (stack: Stack, { conversations, files }: Prepared, { signal }: Options): Promise<FileResult[]> => {
  const display = showJourneys(process.stderr, files.length)
  try {
    const results = await sendCorpus(files, { conversations, display, clients, patienceMs, signal })
    return await waitForAlerts(results, stack.pager.alerts, { patienceMs: alertPatienceMs, signal })
  } finally {
    display.close()
  }
}

/**
 * Fills the sample district, lets its people send every file of the corpus, then lets its roster change. Answers how each file ended, and what was seen when the
 * roster changed.
 */
export const runScenario = async (stack: Stack, apps: Apps, options: Options): Promise<{ results: FileResult[]; scenes: Scene[] }> => {
  const prepared = await prepare(stack, apps, options)
  options.signal.throwIfAborted()
  const results = await sendAll(stack, prepared, options)
  return { results, scenes: await playScenes({ stack, apps, ...prepared }, { ...options, patienceMs }) }
}
