import { ScheduleAlreadyRunning, ScheduleClient, ScheduleOverlapPolicy, type Client, type ScheduleOptions } from '@temporalio/client'
import { defaultPayloadConverter, type Duration, type PayloadCodec } from '@temporalio/common'
import { scheduleIds, type SyntheticPlan } from '../workflows/contract.ts'

export type SchedulePlan = {
  taskQueue: string
  sweepIntervalSeconds: number
  storedSweepIntervalSeconds: number
  purgeIntervalSeconds: number
  archiveIntervalSeconds: number
  rescanIntervalSeconds: number
  pullLookIntervalSeconds: number
  schoolYearIntervalSeconds: number
  /** Whether somebody says which mails bounced. */
  isMailFeedbackTaken: boolean
  /** Null: no test virus is sent. */
  synthetic: (SyntheticPlan & { intervalSeconds: number }) | null
}

/**
 * Creates the schedules, or brings those that exist to this plan. Safe to call from every worker at every start. A schedule that was
 * down catches up at most once: each run looks at the whole world.
 */
export const registerSchedules = async (client: Client, plan: SchedulePlan): Promise<void> => {
  const schedules = toBlindClient(client)
  for (const options of toSchedules(plan)) {
    try {
      await schedules.create(options)
    } catch (error) {
      if (!(error instanceof ScheduleAlreadyRunning)) throw error
      const { spec, action, policies } = options
      const { note } = options.state
      await schedules.getHandle(options.scheduleId).update(({ state }) => ({
        spec,
        action,
        policies,
        // Who paused it has said why.
        state: state.paused ? state : { ...state, note },
      }))
    }
  }
}

/** Encrypts as ever and decrypts nothing. */
const toBlindCodec = (codec: PayloadCodec): PayloadCodec => ({
  encode: (payloads) => codec.encode(payloads),
  decode: (payloads) => Promise.resolve(payloads.map(() => defaultPayloadConverter.toPayload(null))),
})

/**
 * An update reads the schedule first, and what stands there may be years old: the key that it was encrypted under may be gone from the ring, and no
 * worker may fail to start for words that it replaces.
 */
const toBlindClient = ({ connection, options }: Client): ScheduleClient =>
  new ScheduleClient({
    connection,
    namespace: options.namespace,
    dataConverter: { payloadCodecs: options.loadedDataConverter.payloadCodecs.map(toBlindCodec) },
  })

const toSchedules = (plan: SchedulePlan) => [
  toSchedule(plan, scheduleIds.sweepAttachments, 'sweepAttachments', plan.sweepIntervalSeconds),
  toSchedule(plan, scheduleIds.sweepStoredObjects, 'sweepStoredObjects', plan.storedSweepIntervalSeconds),
  toSchedule(plan, scheduleIds.sweepRosters, 'sweepRosters', plan.sweepIntervalSeconds),
  toSchedule(plan, scheduleIds.sweepNotices, 'sweepNotices', plan.sweepIntervalSeconds),
  toSchedule(plan, scheduleIds.sweepTranslations, 'sweepTranslations', plan.sweepIntervalSeconds),
  toSchedule(plan, scheduleIds.purgeFeeds, 'purgeFeeds', plan.storedSweepIntervalSeconds),
  toSchedule(plan, scheduleIds.closeSchoolYears, 'closeSchoolYears', plan.schoolYearIntervalSeconds),
  toSchedule(plan, scheduleIds.purgeQuarantine, 'purgeQuarantine', plan.purgeIntervalSeconds),
  toSchedule(plan, scheduleIds.archiveHistories, 'archiveHistories', plan.archiveIntervalSeconds),
  toSchedule(plan, scheduleIds.startDuePulls, 'startDuePulls', plan.pullLookIntervalSeconds, [], '10 minutes'),
  // A round reads a month of files under its budget: what it does not reach in a day is the next one's.
  toSchedule(plan, scheduleIds.rescanAttachments, 'rescanAttachments', plan.rescanIntervalSeconds, [], '24 hours'),
  ...(plan.isMailFeedbackTaken ? [toSchedule(plan, scheduleIds.takeFeedback, 'takeFeedback', plan.sweepIntervalSeconds)] : []),
  ...(plan.synthetic === null ? [] : [toSyntheticSchedule(plan, plan.synthetic)]),
]

const toSyntheticSchedule = (
  plan: SchedulePlan,
  { intervalSeconds, limitSeconds, lookEverySeconds }: NonNullable<SchedulePlan['synthetic']>,
) => toSchedule(plan, scheduleIds.sendSyntheticEicar, 'sendSyntheticEicar', intervalSeconds, [{ limitSeconds, lookEverySeconds }])

/** What each is for: in the summary of its runs, and in the list of schedules. */
const purposes: Readonly<Record<keyof typeof scheduleIds, string>> = {
  sweepAttachments: 'repairs what uploads and scans lost, and alerts when files wait too long',
  sweepStoredObjects: 'removes objects that no row wants, half-done uploads, and rows that need not be remembered',
  sweepRosters: 'repairs what feeds of rosters and their syncs lost, and tells districts whose last sync is too long ago',
  sweepNotices: 'repairs what notifications lost',
  sweepTranslations: 'repairs what translations lost',
  takeFeedback: 'takes what mail servers said later of mails: bounces and complaints',
  purgeFeeds: 'removes feeds of rosters and the reports on them, whose time is over',
  closeSchoolYears: 'closes the channels of school years that are over, and tells their people',
  purgeQuarantine: 'removes malware whose retention is over',
  rescanAttachments: 'looks again at clean files when the engine has a newer database, and withdraws what is then infected',
  sendSyntheticEicar: 'sends the test virus through the real door, and alerts when it is not caught in time',
  startDuePulls: 'begins the fetching of rosters whose time has come',
  archiveHistories: 'copies the histories of closed runs into the archive, before Temporal forgets them',
}

const toSchedule = (
  { taskQueue }: SchedulePlan,
  id: string,
  workflowType: keyof typeof scheduleIds,
  everySeconds: number,
  args: unknown[] = [],
  timeout: Duration = '4 hours',
) => {
  const purpose = purposes[workflowType]
  return {
    scheduleId: id,
    spec: { intervals: [{ every: everySeconds * 1_000 }] },
    action: {
      type: 'startWorkflow',
      workflowType,
      workflowId: id,
      taskQueue,
      args,
      staticSummary: `${id.replaceAll('-', ' ')}: ${purpose}`,
      staticDetails: `${purpose}\n\nLooks at the whole world again every time: a run that failed is made up for by the next one.`,
      // Skipped while the last one runs: one that hangs must end.
      workflowExecutionTimeout: timeout,
    },
    // The list of schedules shows it, and unlike a summary it is not encrypted.
    state: { note: purpose },
    policies: { overlap: ScheduleOverlapPolicy.SKIP, catchupWindow: '1 minute', pauseOnFailure: false },
  } satisfies ScheduleOptions
}
