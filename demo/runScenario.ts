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
/** A file that has not ended by then is counted as failed. */
const patienceMs = 120_000
const alertPatienceMs = 20_000

const talk = (apps: Apps, { rows, signIn }: OpenDistrict): Promise<Conversation[]> => {
  const teachers = rows.users.filter((user) => user.role === 'teacher').slice(0, teacherCount)
  return openConversations(
    apps.api.url,
    signIn,
    teachers.map((teacher) => teacher.sourcedId),
  )
}

/** Fills the sample district, lets its people send every file of the corpus, and answers how each ended. */
export const runScenario = async (stack: Stack, apps: Apps, options: { log: TaskLog; signal: AbortSignal }): Promise<FileResult[]> => {
  const { log, signal } = options
  let conversations: Conversation[] = []
  let files: WrittenFile[] = []
  await runTasks(
    [
      {
        title: 'Sample district, and people who write to each other',
        run: async () => {
          conversations = await talk(apps, (await openSampleDistricts(toPlace(stack, apps))).sample)
        },
      },
      {
        title: 'Files to send',
        run: async (tell) => {
          files = await writeCorpus(listCorpus({ testFilesFolder: await findClamavTestfiles(tell) }), join(stack.folder, 'demo-files'))
        },
      },
    ],
    log,
  )
  signal.throwIfAborted()
  const display = showJourneys(process.stderr, files.length)
  try {
    const results = await sendCorpus(files, { conversations, display, clients, patienceMs, signal })
    return await waitForAlerts(results, stack.pager.alerts, { patienceMs: alertPatienceMs, signal })
  } finally {
    display.close()
  }
}
