import { v7 as newId } from 'uuid'
import { withDistrict } from '../../db/openDatabase.ts'
import { addReport } from '../../db/queries/addReport.ts'
import { decideReport } from '../../db/queries/decideReport.ts'
import type { OutboxStart } from '../../db/queries/enqueueWorkflow.ts'
import { postMessage } from '../../db/queries/postMessage.ts'
import type { Permission } from '../../db/entities/Grant.ts'
import { startWorkflow } from '../../clients/temporalClient.ts'
import { followReportId, toReportStart, type SafetyPace } from '../../workflows/contract.ts'
import type { AttachmentWorld } from './attachmentWorld.ts'
import { withCanary } from './canary.ts'
import { present } from './present.ts'
import { seedChannel } from './seedChannel.ts'

/** Waits of milliseconds where production waits for minutes; nobody is told again unless a test asks for it. */
export const testSafetyPace: SafetyPace = { stepTimeoutMs: 10_000, waitBetweenTriesMs: 50, waitBetweenTriesMaxMs: 200, escalateAfterMs: 1 }

export type Named = { userId: string; email: string }

/** A district of its own with a conversation, and what is done about reports in it. */
export const createReportActs = async (world: AttachmentWorld) => {
  const { app, districtKeys, client } = world.adapters
  const { districtId, channelId, teacherId, studentId, teacherEmail } = await seedChannel(app, districtKeys)
  const cipher = await districtKeys.forDistrict(districtId)
  const startFor = toReportStart(world.config.taskQueues.safety)
  const give = (userId: string, permission: Permission) =>
    world.database.superuser.query(
      `insert into grants (district_id, id, user_id, permission, author_id, begins) values ($1, $2, $3, $4, $3, now() - interval '1 day')`,
      [districtId, newId(), userId, permission],
    )
  const start = (asked: OutboxStart) => startWorkflow(client, { ...asked, districtId }, 5_000)
  return {
    districtId,
    teacher: { userId: teacherId, email: teacherEmail },
    give,
    /** Somebody of the staff with a permission and an address. */
    name: async (permission: Permission): Promise<Named> => {
      const userId = newId()
      const email = `${permission}-${userId}@example.org`
      await world.database.superuser.query(
        `insert into users (district_id, id, sourced_id, role, given_name, family_name, email) values ($1, $2::uuid, $2::text, 'staff', 'Given', 'Family', $3)`,
        [districtId, userId, cipher.sealText({ table: 'users', rowId: userId, column: 'email' }, email)],
      )
      await world.database.superuser.query(
        `insert into org_roles (district_id, sourced_id, user_id, org_sourced_id, role) values ($1, $2::text, $2::uuid, 'school', 'staff')`,
        [districtId, userId],
      )
      await give(userId, permission)
      return { userId, email }
    },
    /** The teacher writes, and the student reports it: the run is asked for, and not started. */
    report: async (): Promise<{ reportId: string; start: OutboxStart }> => {
      const id = newId()
      const body = cipher.sealText({ table: 'messages', rowId: id, column: 'body' }, withCanary('something bad'))
      return withDistrict(app, districtId, async (tx) => {
        await postMessage(tx, { id, channelId, authorId: teacherId, body, attachmentIds: [] })
        return present(await addReport(tx, { subject: { messageId: id }, reporterId: studentId, category: 'threat', startFor }))
      })
    },
    decide: async (reportId: string, viewerId: string, decision: 'resolve' | 'reopen'): Promise<OutboxStart | null> => {
      const decided = await withDistrict(app, districtId, (tx) =>
        decideReport(tx, { reportId, viewerId }, { decision, note: 'a test', startFor }),
      )
      return decided.outcome === 'decided' ? decided.start : null
    },
    start,
    runOf: (reportId: string, attempt = 1) => client.workflow.getHandle(followReportId(reportId, attempt)),
  }
}

export type ReportActs = Awaited<ReturnType<typeof createReportActs>>
