import { z } from 'zod'
import type { ApiClient } from '../../api/client.ts'
import type { WrittenFile } from '../corpus/writeCorpus.ts'
import type { OpenDistrict } from '../district/openSampleDistricts.ts'
import type { Place } from '../district/place.ts'
import { runDistrictCommand } from '../district/runDistrictCommand.ts'
import { followAttachment } from '../scenario/followAttachment.ts'
import { sendToStore } from '../scenario/uploadFile.ts'
import type { OpenPair } from './openPair.ts'
import { playSteps } from './playSteps.ts'
import type { Check, Shown } from './scene.ts'

type Stage = {
  place: Place
  district: OpenDistrict
  administrator: ApiClient
  pair: OpenPair
  file: WrittenFile
  patienceMs: number
  signal: AbortSignal
}

/** The homework as an announcement to the section that connects the two, once its file is clean. Answers its id. */
const announce = async ({ pair, file, patienceMs, signal }: Stage): Promise<string | null> => {
  const { client } = pair.clients.teacher
  const sections = await client.v1.sections.$get({ query: { limit: '100' } })
  if (sections.status !== 200) return null
  const section = (await sections.json()).items.find(({ isTeacher, title }) => isTeacher && title === pair.section.title)
  if (section === undefined) return null
  const ticket = await client.v1.sections[':id'].attachments.$post({
    param: { id: section.id },
    json: { fileName: file.name, contentType: file.contentType, bytes: file.bytes },
    header: {},
  })
  if (ticket.status !== 201) return null
  const { attachment, upload } = await ticket.json()
  if (!(await sendToStore(upload, file, signal))) return null
  await client.v1.attachments[':id'].complete.$post({ param: { id: attachment.id } })
  await followAttachment(client, attachment.id, { patienceMs, signal, changed: () => undefined })
  const posted = await client.v1.sections[':id'].announcements.$post({
    param: { id: section.id },
    json: { text: 'For Thursday: read the packet and bring one question.', attachmentIds: [attachment.id], recipients: 'both' },
  })
  return posted.status === 201 ? (await posted.json()).id : null
}

const post = async ({ clients, channelId }: OpenPair, text: string, nudgeToken?: string) =>
  clients.student.client.v1.channels[':id'].messages.$post({
    param: { id: channelId },
    json: { text, ...(nudgeToken === undefined ? {} : { nudgeToken }) },
  })

const shows = async ({ clients, channelId }: OpenPair, messageId: string): Promise<string> => {
  const answer = await clients.student.client.v1.channels[':id'].messages.$get({ param: { id: channelId }, query: { limit: '50' } })
  if (answer.status !== 200) return `HTTP ${answer.status}`
  return (await answer.json()).items.some(({ id }) => id === messageId) ? 'shown' : 'gone'
}

const listed = z.object({ grants: z.array(z.object({ userId: z.string(), permission: z.string(), standing: z.string() })) })

/** An administrator may audit for as long as `act` takes, unless they could before. */
const whileAuditing = async ({ place, district, administrator }: Stage, act: () => Promise<Check[]>): Promise<Check[]> => {
  const me = await administrator.v1.me.$get({})
  const userId = me.status === 200 ? (await me.json()).id : ''
  const of = [`--district=${district.districtId}`, `--user=${userId}`, '--permission=audit', '--reason=sample district']
  const { grants } = listed.parse(await runDistrictCommand(place, ['grants', `--district=${district.districtId}`]))
  const isHeld = grants.some((grant) => grant.userId === userId && grant.permission === 'audit' && grant.standing === 'counts')
  if (!isHeld) await runDistrictCommand(place, ['grant', ...of])
  try {
    return await act()
  } finally {
    await runDistrictCommand(place, ['revoke', ...of])
  }
}

const audit = ({ district, administrator, pair }: Stage, hiddenId: string): Promise<Check[]> => {
  const audits = administrator.v1.districts[':districtId'].audits
  const { districtId } = district
  let id = ''
  return playSteps([
    [
      'the district opens an audit, with a reason',
      'HTTP 201',
      async () => {
        const answer = await audits.$post({ param: { districtId }, json: { reason: 'A parent asked about a message of this morning' } })
        if (answer.status === 201) id = (await answer.json()).id
        return `HTTP ${answer.status}`
      },
    ],
    [
      'it finds the conversation by its hidden message',
      'found',
      async () => {
        const query = { personId: pair.studentId, hasHidden: 'true' as const }
        const answer = await audits[':id'].channels.$get({ param: { districtId, id }, query })
        if (answer.status !== 200) return `HTTP ${answer.status}`
        return (await answer.json()).items.some((channel) => channel.id === pair.channelId) ? 'found' : 'not found'
      },
    ],
    [
      'and reads what was hidden',
      'shown',
      async () => {
        const answer = await audits[':id'].channels[':channelId'].messages.$get({
          param: { districtId, id, channelId: pair.channelId },
          query: {},
        })
        if (answer.status !== 200) return `HTTP ${answer.status}`
        return (await answer.json()).items.some((message) => message.id === hiddenId) ? 'shown' : 'missing'
      },
    ],
    [
      'each look is a row that the district sees',
      'read, search',
      async () => {
        const answer = await audits[':id'].views.$get({ param: { districtId, id }, query: {} })
        if (answer.status !== 200) return `HTTP ${answer.status}`
        return (await answer.json()).items.map(({ act }) => act).join(', ')
      },
    ],
  ])
}

/**
 * A school morning: homework is announced with a file, a student thinks again before posting, answers one to one, the teacher hides a message, and the
 * district looks at it with a trace of each look.
 */
export const schoolMorning = async (stage: Stage): Promise<Shown> => {
  const { pair } = stage
  const [teacher, student] = [pair.clients.teacher.client, pair.clients.student.client]
  let announcementId: string | null = null
  let token = ''
  let messageId = ''
  const checks = await playSteps([
    [
      'the teacher announces homework with a file',
      'announced',
      async () => {
        announcementId = await announce(stage)
        return announcementId === null ? 'refused' : 'announced'
      },
    ],
    [
      'the student sees it, and may open its file',
      'available',
      async () => {
        const answer = await student.v1.announcements[':id'].$get({ param: { id: announcementId ?? '' } })
        if (answer.status !== 200) return `HTTP ${answer.status}`
        return (await answer.json()).attachments.map(({ state }) => state).join(', ')
      },
    ],
    [
      'the student answers one to one: it opens their conversation with the teacher',
      'the conversation of the two',
      async () => {
        const answer = await student.v1.announcements[':id'].reply.$post({ param: { id: announcementId ?? '' }, json: {} })
        if (answer.status !== 201) return `HTTP ${answer.status}`
        return (await answer.json()).id === pair.channelId ? 'the conversation of the two' : 'another conversation'
      },
    ],
    [
      'what the student writes in anger is asked about, and not posted',
      'asked',
      async () => {
        const answer = await post(pair, 'This homework is bullshit')
        if (answer.status !== 200) return `HTTP ${answer.status}`
        token = (await answer.json()).nudge.token
        return 'asked'
      },
    ],
    [
      'the student says it in other words',
      'HTTP 201',
      async () => {
        const answer = await post(pair, 'I do not get this homework at all, and I am angry about it.', token)
        if (answer.status === 201) messageId = (await answer.json()).id
        return `HTTP ${answer.status}`
      },
    ],
    [
      'the teacher hides it',
      'gone',
      async () => {
        const answer = await teacher.v1.messages[':id'].hide.$post({ param: { id: messageId } })
        return answer.status === 200 ? shows(pair, messageId) : `HTTP ${answer.status}`
      },
    ],
  ])
  const looks = await whileAuditing(stage, () => audit(stage, messageId))
  return {
    checks: [...checks, ...looks],
    notes: [`the two: ${pair.teacher.givenName} ${pair.teacher.familyName} and ${pair.student.givenName} ${pair.student.familyName}`],
  }
}
