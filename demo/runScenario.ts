import { join } from 'node:path'
import { findClamavTestfiles } from '../stack/binaries/findClamavTestfiles.ts'
import { findStaffName } from '../clients/findStaffName.ts'
import { openSession } from '../deploy/openSession.ts'
import { runTasks, type TaskLog } from '../stack/runTasks.ts'
import type { Apps } from '../stack/startApps.ts'
import type { Stack } from '../stack/startStack.ts'
import { listCorpus } from './corpus/listCorpus.ts'
import { writeCorpus, type WrittenFile } from './corpus/writeCorpus.ts'
import type { FileResult } from './report/fileResult.ts'
import { showJourneys } from './report/showJourneys.ts'
import type { RosterRows } from '../db/rosterRows.ts'
import { openConversations, type Conversation } from './scenario/openConversations.ts'
import { sendCorpus } from './scenario/sendCorpus.ts'
import { seedSampleDistricts } from './seedSampleDistricts.ts'
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
const sessionSeconds = 3_600

const talk = (stack: Stack, apps: Apps, { district, users }: RosterRows): Promise<Conversation[]> => {
  const signIn = async (userId: string): Promise<string> => {
    const session = await openSession({
      databaseUrl: stack.postgres.urls.app,
      districtId: district.id,
      user: userId,
      lifeSeconds: sessionSeconds,
      staff: findStaffName(),
      reason: 'demo',
    })
    if (session === null) throw new Error('the sample district has no such active person')
    return session.token
  }
  const teachers = users.filter((user) => user.role === 'teacher').slice(0, teacherCount)
  return openConversations(
    apps.api.url,
    signIn,
    teachers.map((teacher) => teacher.id),
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
          conversations = await talk(stack, apps, await seedSampleDistricts(stack))
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
