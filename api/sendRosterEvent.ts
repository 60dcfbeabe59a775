import type { Context } from 'hono'
import { readLanguageName } from '../clients/language/readLanguageName.ts'
import { toRoleId } from '../clients/oneroster/rest/toRoleId.ts'
import type { ColumnCipher } from '../db/districtKeys.ts'
import type { DistrictTransaction } from '../db/openDatabase.ts'
import type { OutboxStart } from '../db/queries/enqueueWorkflow.ts'
import { findMetadataSources } from '../db/queries/findMetadataSources.ts'
import type { RosterEventRecord } from '../db/queries/rosterEventRow.ts'
import { takeEvent, type TakenEvent } from '../db/roster/takeEvent.ts'
import type { Unresolved } from '../db/roster/staging/rejectUnresolved.ts'
import { Refusal } from '../domain/refusal.ts'
import { readEvent, toRecordPointer, type RecordFault } from '../domain/roster/readEvent.ts'
import { readGuardianship } from '../domain/roster/readGuardianship.ts'
import { rejectCodes } from '../domain/roster/rejectCodes.ts'
import { eventLimits, type EventAction, type EventType } from '../domain/roster/rosterEvents.ts'
import { toSettlingStart } from '../workflows/contract.ts'
import { actForDistrict, toAuditActor, toCallerId } from './actForDistrict.ts'
import type { ApiDeps } from './apiDeps.ts'
import type { ApiEnv } from './apiEnv.ts'
import { InvalidInput } from './invalidInput.ts'
import { readMoment } from './readMoment.ts'
import { takeInTurn } from './takeInTurn.ts'
import { toDistrictId } from './takesDistrictCaller.ts'

/** An event as it was sent; `data` is a record of OneRoster. */
export type EventBody = { id: string; action: EventAction; type: EventType; occurredAt: string; data: Record<string, unknown> }
type EventDeps = Pick<ApiDeps, 'app' | 'districtKeys' | 'taskQueues' | 'startWorkflow'>

/**
 * Applies one change before it answers: when this resolves, whoever lost access has lost it. What does not fit changes nothing.
 * @throws {InvalidInput} naming field, code and reason, never what stood there. {Refusal} `event-id-reused`, `roster-busy`.
 */
export const sendRosterEvent = async (deps: EventDeps, c: Context<ApiEnv>, body: EventBody): Promise<RosterEventRecord> => {
  const occurredAt = readMoment('/occurredAt', body.occurredAt)
  const cipher = await deps.districtKeys.forDistrict(toDistrictId(c.get('caller')))
  const starts: OutboxStart[] = []
  const taken = await takeInTurn(async () => {
    starts.length = 0
    const answer = await actForDistrict(deps.app, c, (tx) => takeBody(tx, deps, c, { body, occurredAt, cipher, starts }), {
      transactionTimeoutMs: eventLimits.transactionMsMax,
    })
    return answer.outcome === 'busy' ? 'busy' : answer
  })
  const districtId = toDistrictId(c.get('caller'))
  for (const start of starts) await deps.startWorkflow(start, { districtId })
  if (taken.outcome === 'answered') return taken.event
  throw new Refusal('event-id-reused', 'An event of this id said something else. Make a new id.')
}

const takeBody = async (
  tx: DistrictTransaction,
  { taskQueues }: Pick<ApiDeps, 'taskQueues'>,
  c: Context<ApiEnv>,
  { body, occurredAt, cipher, starts }: { body: EventBody; occurredAt: Date; cipher: ColumnCipher; starts: OutboxStart[] },
): Promise<TakenEvent> => {
  const caller = c.get('caller')
  const { id, action, type } = body
  const sources = await findMetadataSources(tx)
  const read =
    type === 'guardianships'
      ? readGuardianship(body.data, action, sources.custody)
      : readEvent({ type, action, record: body.data, sources, toLanguage: readLanguageName, toRoleId })
  if ('faults' in read) throw toInvalid(read.faults)
  const { sourcedId, rows, taken } = read
  const fingerprint = cipher.hashForLookup(JSON.stringify([action, type, occurredAt.toISOString(), taken]))
  const author = { kind: caller.kind, id: toCallerId(caller) }
  const startFor = (ref: { districtId: string; version: number }): OutboxStart => {
    const start = toSettlingStart(taskQueues.roster)(ref)
    starts.push(start)
    return start
  }
  const by = toAuditActor(caller)
  const event = { id, action, type, sourcedId, rows, occurredAt, fingerprint, author, by }
  const answer = await takeEvent(tx, { cipher, startFor }, event)
  // Whatever was begun ends with the transaction.
  if (answer.outcome === 'unpaired') throw toInvalid([{ pointer: '/student/sourcedId', code: 'roles-contradict' }])
  if (answer.outcome === 'unresolved') throw toInvalid(answer.unresolved.map(toFault))
  return answer
}

const toFault = ({ file, column }: Unresolved): RecordFault => ({
  pointer: file === 'users' && column === 'orgSourcedId' ? '/roles' : toRecordPointer(column),
  code: 'reference-unresolved',
})

const reasons: Readonly<Record<RecordFault['code'], string>> = {
  ...rejectCodes,
  'reference-unresolved': 'refers to an id that the roster does not have',
  'roles-contradict': 'is no student, or the guardian is one too: their roles say so',
}

const toInvalid = (faults: readonly RecordFault[]): InvalidInput =>
  new InvalidInput(
    [...new Map(faults.map((fault) => [`${fault.pointer} ${fault.code}`, fault])).values()]
      .slice(0, 20)
      .map(({ pointer, code }) => ({ in: 'body', pointer: `/data${pointer}`, code, message: reasons[code] })),
  )
