import { createHash, randomBytes } from 'node:crypto'
import {
  toNoticingStart,
  toNotifyingStart,
  toReceiptStart,
  toReportStart,
  toSyncStart,
  toYearEndStart,
  toSettlingStart,
  toTranslatingStart,
} from '../../workflows/contract.ts'
import { v7 as newId } from 'uuid'
import { uploadQuotaDefaults } from '../../domain/uploadQuotas.ts'
import type { DistrictTransaction, Transaction } from '../../db/openDatabase.ts'
import { postAnnouncement } from '../../db/queries/postAnnouncement.ts'
import { listAnnouncements } from '../../db/queries/listAnnouncements.ts'
import { findAnnouncement, findSectionStanding } from '../../db/queries/findAnnouncement.ts'
import { hideAnnouncement, unhideAnnouncement } from '../../db/queries/hideAnnouncement.ts'
import { withdrawAnnouncement } from '../../db/queries/withdrawAnnouncement.ts'
import { markAnnouncementRead } from '../../db/queries/markAnnouncementRead.ts'
import { countDelivery } from '../../db/queries/countDelivery.ts'
import { openReply } from '../../db/queries/openReply.ts'
import { searchAnnouncements, type AnnouncementSearch } from '../../db/queries/searchAnnouncements.ts'
import { findScope, findScopeFacts } from '../../db/queries/findScopeFacts.ts'
import { recordScopeReceipt } from '../../db/queries/recordScopeReceipt.ts'
import { addDataKey } from '../../db/queries/addDataKey.ts'
import { addObjectKey } from '../../db/queries/addObjectKey.ts'
import { createApiClient } from '../../db/queries/createApiClient.ts'
import { endApiClient } from '../../db/queries/endApiClient.ts'
import { findApiCaller } from '../../db/queries/findApiCaller.ts'
import { findApiClientSecrets } from '../../db/queries/findApiClientSecrets.ts'
import { findClientToken } from '../../db/queries/findClientToken.ts'
import { issueClientToken } from '../../db/queries/issueClientToken.ts'
import { listApiClients } from '../../db/queries/listApiClients.ts'
import { rotateApiClient } from '../../db/queries/rotateApiClient.ts'
import { claimSync } from '../../db/queries/claimSync.ts'
import { completeRosterSync } from '../../db/queries/completeRosterSync.ts'
import { createRosterSync } from '../../db/queries/createRosterSync.ts'
import { decideRemovals } from '../../db/queries/decideRemovals.ts'
import { expireSync } from '../../db/queries/expireSync.ts'
import { failSync } from '../../db/queries/failSync.ts'
import { findNextSync, findOpenSync } from '../../db/queries/findNextSync.ts'
import { findRemovals, markEscalated } from '../../db/queries/findRemovals.ts'
import { listHolders } from '../../db/queries/listHolders.ts'
import { countLongSyncs } from '../../db/queries/countLongSyncs.ts'
import { findLateRoster, markLateTold } from '../../db/queries/findLateRoster.ts'
import { listLateRosters } from '../../db/queries/listLateRosters.ts'
import {
  cancelEndedUploads,
  claimParted,
  closeEndedSessions,
  closeSettlement,
  listParted,
  markSettled,
  markTold,
  noteParted,
} from '../../db/queries/settleVersion.ts'
import { claimYearNotice, closeYearChannels, listYearNotices, markYearTold, settleYearEnd } from '../../db/queries/closeSchoolYear.ts'
import { askForYearEnd, findEndedYears } from '../../db/queries/findEndedYears.ts'
import { listDueFeeds } from '../../db/queries/listDueFeeds.ts'
import { listHeldRemovals } from '../../db/queries/listHeldRemovals.ts'
import { listHeldSyncs } from '../../db/queries/listHeldSyncs.ts'
import { listLongSyncs } from '../../db/queries/listLongSyncs.ts'
import { findLastSuccess, findRosterSync, listRosterSyncs } from '../../db/queries/listRosterSyncs.ts'
import { discardRemovals } from '../../db/queries/discardRemovals.ts'
import { findSync, listSyncs, syncStages } from '../../db/queries/listSyncs.ts'
import { listSyncCounts } from '../../db/queries/listSyncCounts.ts'
import { pinFeedVersion, reopenFeedTicket } from '../../db/queries/pinFeedVersion.ts'
import { listOpenSettlements } from '../../db/queries/listOpenSettlements.ts'
import { listUnsettledDistricts } from '../../db/queries/listUnsettledDistricts.ts'
import { listOpenReceipts } from '../../db/queries/listOpenReceipts.ts'
import { listUnreceiptedDistricts } from '../../db/queries/listUnreceiptedDistricts.ts'
import { replayReceipt } from '../../db/queries/replayReceipt.ts'
import { replaySettlement } from '../../db/queries/replaySettlement.ts'
import { listClosedYears, reopenYearChannels } from '../../db/queries/reopenSchoolYear.ts'
import { replayDecision } from '../../db/queries/replayDecision.ts'
import { replaySync } from '../../db/queries/replaySync.ts'
import { chargeDistrict, chargePerson } from '../../db/queries/chargeUpload.ts'
import { claimAlertEnd } from '../../db/queries/claimAlertEnd.ts'
import { countBadEnds } from '../../db/queries/countBadEnds.ts'
import { countWaitingStarts } from '../../db/queries/countWaitingStarts.ts'
import { expectSuccess } from '../../db/queries/expectSuccess.ts'
import { forgetAlert } from '../../db/queries/forgetAlert.ts'
import { markAlertRaised } from '../../db/queries/markAlertRaised.ts'
import { noteAlert } from '../../db/queries/noteAlert.ts'
import { noteInfected } from '../../db/queries/noteInfected.ts'
import { recordSuccess } from '../../db/queries/recordSuccess.ts'
import { claimIdempotencyKey, settleIdempotencyKey } from '../../db/queries/claimIdempotencyKey.ts'
import { claimPull, type PullAttempt } from '../../db/queries/claimPull.ts'
import { listDuePulls } from '../../db/queries/listDuePulls.ts'
import { listRoleIds } from '../../db/queries/listRoleIds.ts'
import { endPull, queuePulledSync } from '../../db/queries/endPull.ts'
import { findPull } from '../../db/queries/findPull.ts'
import { findPullStanding } from '../../db/queries/findPullStanding.ts'
import { claimOutbox } from '../../db/queries/claimOutbox.ts'
import { closeScan } from '../../db/queries/closeScan.ts'
import { completeAttachment, completeVanishedUpload } from '../../db/queries/completeAttachment.ts'
import { createAttachment } from '../../db/queries/createAttachment.ts'
import { countDelayedScans } from '../../db/queries/countDelayedScans.ts'
import { deleteAttachment } from '../../db/queries/deleteAttachment.ts'
import { deleteObjectKey } from '../../db/queries/deleteObjectKey.ts'
import { deleteStale } from '../../db/queries/deleteStale.ts'
import { deleteStrayKeys } from '../../db/queries/deleteStrayKeys.ts'
import { endSession } from '../../db/queries/endSession.ts'
import { enqueueWorkflow } from '../../db/queries/enqueueWorkflow.ts'
import type { StartFor } from '../../db/queries/enqueueWorkflow.ts'
import { expireAttachment } from '../../db/queries/expireAttachment.ts'
import { findActor } from '../../db/queries/findActor.ts'
import { findAttachment } from '../../db/queries/findAttachment.ts'
import { findBadHash } from '../../db/queries/findBadHash.ts'
import { findChannel } from '../../db/queries/findChannel.ts'
import { findCompletedUpload } from '../../db/queries/findCompletedUpload.ts'
import { addRosterEvent } from '../../db/queries/addRosterEvent.ts'
import { findLanguages } from '../../db/queries/findLanguages.ts'
import { findMetadataSources } from '../../db/queries/findMetadataSources.ts'
import { findRosterEvent } from '../../db/queries/findRosterEvent.ts'
import { listRosterEvents } from '../../db/queries/listRosterEvents.ts'
import { findConnectionTerms, findSubstituteTerms } from '../../db/queries/findConnectionTerms.ts'
import { listProviderConnections, listSubstitutes } from '../../db/queries/listProviderConnections.ts'
import { listSections } from '../../db/queries/listSections.ts'
import { lacksTerms } from '../../db/queries/lacksTerms.ts'
import { listChannelAudits } from '../../db/queries/listChannelAudits.ts'
import { hasReadAlongs } from '../../db/queries/hasReadAlongs.ts'
import { findMidnights } from '../../db/queries/findMidnights.ts'
import { findReachMoment } from '../../db/queries/findReachMoment.ts'
import { findReachRows } from '../../db/queries/findReachRows.ts'
import { listFeatureSwitches, listSchools } from '../../db/queries/listFeatureSwitches.ts'
import { findUnknownSchools, switchFeature } from '../../db/queries/switchFeature.ts'
import { hasChannel } from '../../db/queries/hasChannel.ts'
import { listReach } from '../../db/queries/listReach.ts'
import { findVersions, listRosterHistory } from '../../db/queries/listRosterHistory.ts'
import { findMessage } from '../../db/queries/findMessage.ts'
import { hideMessage, unhideMessage } from '../../db/queries/hideMessage.ts'
import { findAuditedAttachment, findAuditedChannel } from '../../db/queries/findAudited.ts'
import { addConcern, addReport, findOwnReport } from '../../db/queries/addReport.ts'
import { addReportAct } from '../../db/queries/addReportAct.ts'
import { countNudge, listNudgeCounts } from '../../db/queries/countNudge.ts'
import { listDistrictWords } from '../../db/queries/listDistrictWords.ts'
import { decideReport } from '../../db/queries/decideReport.ts'
import { findReportToTell } from '../../db/queries/findReportToTell.ts'
import { findReportedAnnouncement } from '../../db/queries/findReportedAnnouncement.ts'
import { findReportedAttachment, listReportedMessages } from '../../db/queries/listReportedMessages.ts'
import { listReportActs, listReports } from '../../db/queries/listReports.ts'
import { lookAtReport } from '../../db/queries/lookAtReport.ts'
import { listAuditedMessages } from '../../db/queries/listAuditedMessages.ts'
import { listAudits, listAuditViews } from '../../db/queries/listAudits.ts'
import { openAudit } from '../../db/queries/openAudit.ts'
import { recordAuditView } from '../../db/queries/recordAuditView.ts'
import { searchChannels, type ChannelSearch } from '../../db/queries/searchChannels.ts'
import { acceptTerms } from '../../db/queries/acceptTerms.ts'
import { findTerms, listTerms, listTermsAcceptances } from '../../db/queries/listTerms.ts'
import { publishTerms } from '../../db/queries/publishTerms.ts'
import { addNotices } from '../../db/queries/addNotices.ts'
import { claimNews, markNotified } from '../../db/queries/claimNews.ts'
import { findQuietHours } from '../../db/queries/findQuietHours.ts'
import { setLanguage } from '../../db/queries/setLanguage.ts'
import { listUnnoticed } from '../../db/queries/listUnnoticed.ts'
import { markAddressRefused, markNumberRefused } from '../../db/queries/markRefused.ts'
import { listNotices, markNoticeSeen } from '../../db/queries/listNotices.ts'
import { findEmailHash } from '../../db/queries/findEmailHash.ts'
import { listUnreachable } from '../../db/queries/listUnreachable.ts'
import { replayBatch } from '../../db/queries/replayBatch.ts'
import { listLateBatches } from '../../db/queries/listLateBatches.ts'
import { closeNoticeBatch, findNoticePlan, markBatchDue } from '../../db/queries/planNotices.ts'
import { findNotifications, setMailOff, setQuietHours, setSmsOff } from '../../db/queries/setNotifications.ts'
import { addEvent } from '../../db/queries/addEvent.ts'
import { listEventReaders } from '../../db/queries/listEventReaders.ts'
import { listHoldingSessions } from '../../db/queries/listHoldingSessions.ts'
import { listMissedEvents } from '../../db/queries/listMissedEvents.ts'
import { findEventCursor, listNewEvents } from '../../db/queries/listNewEvents.ts'
import { findTranslation, findTranslationStanding, isTranslationPending } from '../../db/queries/findTranslation.ts'
import { findTranslationUsage } from '../../db/queries/findTranslationUsage.ts'
import { listRecipientLanguages } from '../../db/queries/listRecipientLanguages.ts'
import { findAnnouncementText } from '../../db/queries/findAnnouncementText.ts'
import { listLanguagesOf } from '../../db/queries/listLanguagesOf.ts'
import { listTranslationsOf } from '../../db/queries/listTranslationsOf.ts'
import { listChildTranslations, refuseTranslations, takeBackRefusal } from '../../db/queries/refuseTranslations.ts'
import { listAnnouncementTranslations, listTranslations } from '../../db/queries/listTranslations.ts'
import { chargeAsking } from '../../db/queries/chargeAsking.ts'
import { chargeTranslation, markBudgetTold } from '../../db/queries/chargeTranslation.ts'
import { endTranslation, finishTranslation } from '../../db/queries/finishTranslation.ts'
import { findTranslationNames, findTranslationWork } from '../../db/queries/findTranslationWork.ts'
import { findOpenTranslation, listOpenTranslations, translationStages } from '../../db/queries/listOpenTranslations.ts'
import { listPendingTranslations } from '../../db/queries/listPendingTranslations.ts'
import { replayTranslation } from '../../db/queries/replayTranslation.ts'
import { budgetNews } from '../../domain/translation/budget.ts'
import { requestTranslation } from '../../db/queries/requestTranslation.ts'
import { markRead } from '../../db/queries/markRead.ts'
import { setPosting } from '../../db/queries/setPosting.ts'
import { withdrawMessage } from '../../db/queries/withdrawMessage.ts'
import { findObjectOwners } from '../../db/queries/findObjectOwners.ts'
import { findUnsealedAge } from '../../db/queries/findUnsealedAge.ts'
import { findPeople } from '../../db/queries/findPeople.ts'
import { findReleased } from '../../db/queries/findReleased.ts'
import { findScanWork } from '../../db/queries/findScanWork.ts'
import { findSession } from '../../db/queries/findSession.ts'
import { findUserId } from '../../db/queries/findUserId.ts'
import { findScan } from '../../db/queries/findScan.ts'
import { findScanLoad } from '../../db/queries/findScanLoad.ts'
import { findUploadLimits } from '../../db/queries/findUploadLimits.ts'
import { findUploaderToTell } from '../../db/queries/findUploaderToTell.ts'
import { forgetBadHash } from '../../db/queries/forgetBadHash.ts'
import { isWithoutAdministrator } from '../../db/queries/isWithoutAdministrator.ts'
import { isAlertOpen } from '../../db/queries/isAlertOpen.ts'
import { isStartPending } from '../../db/queries/isStartPending.ts'
import { listAttachments } from '../../db/queries/listAttachments.ts'
import { listBadHashes } from '../../db/queries/listBadHashes.ts'
import { listChannels } from '../../db/queries/listChannels.ts'
import { listDataKeys } from '../../db/queries/listDataKeys.ts'
import { listDistrictNames } from '../../db/queries/listDistrictNames.ts'
import { listDistricts } from '../../db/queries/listDistricts.ts'
import { listDownloads } from '../../db/queries/listDownloads.ts'
import { listDueTickets } from '../../db/queries/listDueTickets.ts'
import { listActsOn } from '../../db/queries/listActsOn.ts'
import { countScans, listedStates, listScans } from '../../db/queries/listScans.ts'
import { listStartsOf } from '../../db/queries/listStartsOf.ts'
import { listWaitingStarts } from '../../db/queries/listWaitingStarts.ts'
import { releaseStart } from '../../db/queries/releaseStart.ts'
import { listLongScans } from '../../db/queries/listLongScans.ts'
import { listMessages } from '../../db/queries/listMessages.ts'
import { listObjectKeys } from '../../db/queries/listObjectKeys.ts'
import { listQuarantineDue } from '../../db/queries/listQuarantineDue.ts'
import { listRecipients } from '../../db/queries/listRecipients.ts'
import { listRescans } from '../../db/queries/listRescans.ts'
import { listSameBytes } from '../../db/queries/listSameBytes.ts'
import { listUnsealedDistricts } from '../../db/queries/listUnsealedDistricts.ts'
import { listKnownBad } from '../../db/queries/listKnownBad.ts'
import { listWithdrawn } from '../../db/queries/listWithdrawn.ts'
import { listWithdrawing } from '../../db/queries/listWithdrawing.ts'
import { markWorkflowStarted } from '../../db/queries/markWorkflowStarted.ts'
import { mintSession } from '../../db/queries/mintSession.ts'
import { openGuardianChannels } from '../../db/queries/openGuardianChannels.ts'
import { openChannel } from '../../db/queries/openChannel.ts'
import { noteFinding } from '../../db/queries/noteFinding.ts'
import { pinVersion } from '../../db/queries/pinVersion.ts'
import { unpinVersion } from '../../db/queries/unpinVersion.ts'
import { placeVerdict } from '../../db/queries/placeVerdict.ts'
import { closeWithdrawal, placeWithdrawn } from '../../db/queries/placeWithdrawn.ts'
import { findPostRefusal, postMessage } from '../../db/queries/postMessage.ts'
import { purgeSoon } from '../../db/queries/purgeSoon.ts'
import { recordAudit } from '../../db/queries/recordAudit.ts'
import { mayStillDownload, recordDownload } from '../../db/queries/recordDownload.ts'
import { recordFailure } from '../../db/queries/recordFailure.ts'
import { recordPurge } from '../../db/queries/recordPurge.ts'
import { recordRescan } from '../../db/queries/recordRescan.ts'
import { rememberBadHash } from '../../db/queries/rememberBadHash.ts'
import { reopenTicket } from '../../db/queries/reopenTicket.ts'
import { replayAttachment } from '../../db/queries/replayAttachment.ts'
import { replaceWrappedDataKey, replaceWrappedObjectKey } from '../../db/queries/replaceWrappedKey.ts'
import { markStarted, markStartFailed } from '../../db/queries/settleOutbox.ts'
import { withdrawAttachment } from '../../db/queries/withdrawAttachment.ts'
import { million, guardianOf, studentOf, toId } from './fillMillion.ts'

/**
 * Runs a query file's exports with what finds something. `mayScan`: small tables that the query means to read whole. `isOfWorker`: no request runs it, so it is
 * always planned for its values (docs/decisions/plans-are-remembered.md).
 */
type InDistrict = { as: 'app'; run: (tx: DistrictTransaction) => Promise<unknown>; mayScan?: string[]; isOfWorker?: boolean }
/** On-call looks across districts, and acts under one. */
type OncallInDistrict = Omit<InDistrict, 'as'> & { as: 'oncall'; isInDistrict: true }
type Across = { as: 'auth' | 'relay' | 'sweeper' | 'oncall'; run: (tx: Transaction) => Promise<unknown>; mayScan?: string[] }

const districtId = toId('district', million.district)
const channelId = toId('channel', 1)
/** The teacher of channel 1, who also uploaded its attachments. */
const teacherId = toId('user', 2)
const attachmentId = toId('attachment', 100_000)
/** Of section 2, which user 2 and others teach. */
const announcementId = toId('announcement', 1)
const sectionId = toId('section', 2)
const announcerId = toId('user', 2)
const pendingTranslation = { translationId: toId('other', 1), attempt: 1 }
/** Of channel 1, and there in Spanish. */
const translatedId = toId('message', 1_100_000)
const announcedFileId = toId('attachment', 1_000_001)
const audit = { auditId: toId('other', 1), auditorId: teacherId }
/** Of a message of the teacher's, for somebody else. */
const report = { reportId: toId('other', 1), viewerId: toId('user', 1) }
const announcementReport = { reportId: toId('other', 200_001), viewerId: toId('user', 1) }
const user = { kind: 'user', id: teacherId } as const
const startFor: StartFor = (ref) => ({ type: 'scanAttachment', workflowId: newId(), taskQueue: 'attachments', input: ref })
const syncStartFor = toSyncStart('roster')
const ref = { attachmentId, attempt: 1 }
const findings = { signature: null, engine: 'e', databaseVersion: '1', sha256: '00'.repeat(32), sniffedType: null }
/** As most districts do not: somebody reads along everywhere. */
const letReadAlong = async (tx: DistrictTransaction): Promise<void> => {
  for (const feature of ['guardians-read-along', 'co-teachers-read-along'] as const)
    await switchFeature(tx, { feature, everywhere: true, schoolIds: [], byId: null })
}
const oncall = (run: (tx: DistrictTransaction) => Promise<unknown>): OncallInDistrict => ({ as: 'oncall', isInDistrict: true, run })
const oncallAcross = (run: (tx: Transaction) => Promise<unknown>): Across => ({ as: 'oncall', run })
const app = (run: (tx: DistrictTransaction) => Promise<unknown>, mayScan: string[] = []): InDistrict => ({ as: 'app', run, mayScan })
const ofWorker = (run: InDistrict['run']): InDistrict => ({ as: 'app', run, isOfWorker: true })

const pullStartFor = (ref: PullAttempt) => ({ type: 'pullRoster', workflowId: newId(), taskQueue: 'roster', input: ref })
const pulledStartFor = (ref: { districtId: string; syncId: string; attempt: number }) => ({
  type: 'syncRoster',
  workflowId: newId(),
  taskQueue: 'roster',
  input: ref,
})
const pullRef = { pullId: toId('other', million.district), attempt: 1 }

/** Every file of `db/queries/`, by name, with a call of what it exports. */
export const namedQueries: Record<string, InDistrict | OncallInDistrict | Across> = {
  addDataKey: app((tx) => addDataKey(tx, { purpose: 'columns', epoch: 2, wrapped: randomBytes(1), activatesInMs: 0 })),
  addObjectKey: app((tx) => addObjectKey(tx, { objectKey: newId(), keyName: 'k', wrapped: randomBytes(1) })),
  chargeUpload: app(async (tx) => {
    await chargePerson(tx, { userId: teacherId, bytes: 1 }, uploadQuotaDefaults)
    await chargePerson(tx, { userId: teacherId, bytes: 1 }, { ...uploadQuotaDefaults, personFilesPerDay: 1 })
    await chargeDistrict(tx, { bytes: 1 }, uploadQuotaDefaults)
  }),
  isWithoutAdministrator: app(isWithoutAdministrator),
  isAlertOpen: app((tx) => isAlertOpen(tx, 'outbox-old'), ['open_alerts']),
  claimAlertEnd: app((tx) => claimAlertEnd(tx, { dedupKey: 'outbox-old', quietSeconds: 0 }), ['open_alerts']),
  claimIdempotencyKey: app(async (tx) => {
    const request = { userId: teacherId, key: 'k1', route: 'r', fingerprint: randomBytes(1) }
    await claimIdempotencyKey(tx, request)
    await settleIdempotencyKey(tx, request, { kind: 'message', id: newId() })
  }),
  endPull: app(async (tx) => {
    await endPull(tx, { ...pullRef, faultCode: 'failing' })
    await queuePulledSync(tx, { ...pullRef, feed: { key: 'k', versionId: 'v' }, startFor: pulledStartFor })
  }),
  findPull: app((tx) => findPull(tx, pullRef)),
  findPullStanding: app(findPullStanding),
  claimPull: app((tx) => claimPull(tx, { pullId: toId('other', million.district), startFor: pullStartFor })),
  claimOutbox: { as: 'relay', run: (tx) => claimOutbox(tx, { limit: 20, ageSeconds: 5, holdSeconds: 30 }) },
  closeScan: app((tx) => closeScan(tx, attachmentId, 1)),
  completeAttachment: app(async (tx) => {
    await completeAttachment(tx, { attachmentId, actorId: teacherId, startFor })
    await completeVanishedUpload(tx, { attachmentId: toId('attachment', 1), startFor })
  }),
  countDelayedScans: { as: 'sweeper', run: (tx) => countDelayedScans(tx, 1) },
  createAttachment: app(async (tx) => {
    for (const place of [{ channelId }, { sectionId }])
      await createAttachment(tx, {
        id: newId(),
        ...place,
        uploaderId: teacherId,
        fileName: randomBytes(1),
        contentType: 'application/pdf',
        bytes: 1,
        ticketSeconds: 1,
      })
  }),
  deleteAttachment: app(async (tx) => {
    await deleteAttachment(tx, { attachmentId, actorId: teacherId, startFor })
    await deleteAttachment(tx, { attachmentId: announcedFileId, actorId: announcerId, startFor })
  }),
  deleteObjectKey: app((tx) => deleteObjectKey(tx, 'clean/5')),
  deleteStale: app((tx) => deleteStale(tx, 100)),
  deleteStrayKeys: ofWorker((tx) => deleteStrayKeys(tx, { after: 'clean/5', limit: 500, olderThanSeconds: 0 })),
  claimSync: app((tx) => claimSync(tx, { syncId: toId('other', 1_000), attempt: 1 })),
  completeRosterSync: app((tx) => completeRosterSync(tx, { syncId: toId('other', 1_000), by: user, startFor: syncStartFor })),
  createRosterSync: app((tx) => createRosterSync(tx, { isDryRun: false, author: { kind: 'client', id: 'c' }, by: user })),
  decideRemovals: app((tx) => decideRemovals(tx, { syncId: toId('other', 1), userId: teacherId, decision: 'approve', reason: 'r' })),
  expireSync: app((tx) => expireSync(tx, { syncId: toId('other', 1), longestUploadSeconds: 1 })),
  failSync: app((tx) => failSync(tx, { syncId: toId('other', 1_000), attempt: 1, faultCode: 'X' })),
  findNextSync: app(async (tx) => {
    await findNextSync(tx)
    await findOpenSync(tx, { syncId: toId('other', 1_000), attempt: 1 })
  }),
  findRemovals: app(async (tx) => {
    await findRemovals(tx, toId('other', 1))
    await markEscalated(tx, toId('other', 1))
  }),
  listHolders: app(async (tx) => {
    await listHolders(tx, 'administer')
    await listHolders(tx, 'safety')
  }),
  listDueFeeds: {
    as: 'sweeper',
    run: (tx) => listDueFeeds(tx, { vanishedSeconds: 1, longestUploadSeconds: 1, after: null, limit: 100 }),
  },
  listHeldRemovals: app((tx) => listHeldRemovals(tx, { syncId: toId('other', 1), after: toId('enrollment', 100_000), limit: 50 })),
  listHeldSyncs: { as: 'sweeper', run: (tx) => listHeldSyncs(tx, { olderThanSeconds: 1, after: null, limit: 100 }) },
  listLongSyncs: { as: 'sweeper', run: (tx) => listLongSyncs(tx, { olderThanSeconds: 1, after: null, limit: 100 }) },
  listRosterSyncs: app(async (tx) => {
    await listRosterSyncs(tx, { limit: 50, before: toId('other', 12_000) })
    await findRosterSync(tx, toId('other', 1))
    await findLastSuccess(tx)
  }),
  listSyncCounts: app((tx) => listSyncCounts(tx, toId('other', 1))),
  pinFeedVersion: app(async (tx) => {
    await pinFeedVersion(tx, { syncId: toId('other', 1_000), attempt: 1, versionId: 'v', bytes: 1 })
    await reopenFeedTicket(tx, { syncId: toId('other', 2_000), attempt: 1 })
  }),
  replayDecision: app((tx) => replayDecision(tx, { syncId: toId('other', 1_000), attempt: 1, actor: user, startFor: syncStartFor })),
  replaySync: app((tx) =>
    replaySync(tx, { syncId: toId('other', 1_000), attempt: 1, actor: user, startFor: syncStartFor, onlyOpen: false }),
  ),
  createApiClient: app((tx) =>
    createApiClient(tx, {
      name: 'n',
      scopes: ['roster.write'],
      secretHash: randomBytes(32),
      author: { kind: 'person', id: teacherId },
      by: user,
    }),
  ),
  endApiClient: app((tx) => endApiClient(tx, { clientId: toId('other', 1), by: user })),
  findApiCaller: app((tx) => findApiCaller(tx, toId('other', 7))),
  findApiClientSecrets: { as: 'auth', run: (tx) => findApiClientSecrets(tx, toId('other', 7)) },
  findClientToken: { as: 'auth', run: (tx) => findClientToken(tx, createHash('sha256').update('2').digest()) },
  issueClientToken: app((tx) =>
    issueClientToken(tx, { clientId: toId('other', 1), provenBy: randomBytes(32), tokenHash: randomBytes(32), scopes: ['roster.write'] }),
  ),
  listApiClients: app(async (tx) => {
    await listApiClients(tx, { limit: 50, before: toId('other', 12_000) })
    await listApiClients(tx, { limit: 1, id: toId('other', 1) })
  }),
  rotateApiClient: app((tx) =>
    rotateApiClient(tx, { clientId: toId('other', 1), secretHash: randomBytes(32), overlapSeconds: 60, by: user }),
  ),
  endSession: app((tx) => endSession(tx, { sessionId: toId('other', 2), by: user })),
  enqueueWorkflow: app((tx) => enqueueWorkflow(tx, startFor({ districtId, ...ref }))),
  expireAttachment: app((tx) => expireAttachment(tx, { attachmentId: toId('attachment', 1), longestUploadSeconds: 1 })),
  countBadEnds: {
    as: 'sweeper',
    run: (tx) => countBadEnds(tx, { infectedSeconds: 1, unscannableSeconds: 1 }),
  },
  countWaitingStarts: { as: 'relay', run: (tx) => countWaitingStarts(tx, 60) },
  expectSuccess: app((tx) => expectSuccess(tx, 'synthetic-eicar'), ['last_successes']),
  forgetAlert: app((tx) => forgetAlert(tx, 'outbox-old'), ['open_alerts']),
  markAlertRaised: app((tx) => markAlertRaised(tx, 'outbox-old'), ['open_alerts']),
  noteAlert: app((tx) => noteAlert(tx, { dedupKey: 'outbox-old', quietSeconds: 60 }), ['open_alerts']),
  noteInfected: app((tx) => noteInfected(tx, attachmentId), ['open_alerts']),
  recordSuccess: app((tx) => recordSuccess(tx, 'synthetic-eicar')),
  findActor: app((tx) => findActor(tx, { sessionId: toId('other', 2), userId: teacherId })),
  findAttachment: app(async (tx) => {
    await findAttachment(tx, { attachmentId, actorId: teacherId })
    await findAttachment(tx, { attachmentId: announcedFileId, actorId: guardianOf(1) })
    await findAttachment(tx, { attachmentId, actorId: guardianOf(1) })
  }),
  findBadHash: { as: 'sweeper', run: (tx) => findBadHash(tx, '07'.repeat(32)) },
  findChannel: app(async (tx) => {
    await findChannel(tx, { channelId, actorId: teacherId })
    await findChannel(tx, { channelId, actorId: guardianOf(1) })
  }),
  findCompletedUpload: app((tx) => findCompletedUpload(tx, { userId: teacherId, key: 'k1' })),
  findMetadataSources: app((tx) => findMetadataSources(tx)),
  findRosterEvent: app((tx) => findRosterEvent(tx, { id: toId('other', 500), fingerprint: randomBytes(32) })),
  addRosterEvent: app(async (tx) => {
    const of = {
      id: newId(),
      action: 'deleted',
      type: 'users',
      sourcedId: 'u',
      sourceAt: new Date(),
      authorKind: 'client',
      author: 'c',
    } as const
    await addRosterEvent(tx, { ...of, outcome: 'unchanged', rosterVersion: null, endingCount: 0, fingerprint: randomBytes(32), by: user })
  }),
  listRosterEvents: app(async (tx) => {
    await listRosterEvents(tx, { before: null, limit: 50 })
    await listRosterEvents(tx, { before: { receivedAt: '2030-01-01T00:00:00Z', id: toId('other', 500) }, limit: 50 })
  }),
  findConnectionTerms: app(async (tx) => {
    await findConnectionTerms(tx, { providerId: teacherId, studentId: studentOf(1) })
    await findSubstituteTerms(tx, { providerId: teacherId, sectionId: toId('section', 1) })
  }),
  listProviderConnections: app(async (tx) => {
    await listProviderConnections(tx, { limit: 50 })
    await listProviderConnections(tx, { before: toId('other', 500), limit: 50 })
    await listProviderConnections(tx, { id: toId('other', 500), limit: 1 })
    await listSubstitutes(tx, { limit: 50 })
    await listSubstitutes(tx, { before: toId('other', 1_000_500), limit: 50 })
    await listSubstitutes(tx, { id: toId('other', 1_000_500), limit: 1 })
  }),
  findMidnights: app((tx) => findMidnights(tx, ['2031-01-01', '2031-02-01'])),
  findReachMoment: app(async (tx) => {
    await findReachMoment(tx, undefined)
    await findReachMoment(tx, new Date(Date.now() - 3_600_000_000).toISOString())
  }),
  findReachRows: app(async (tx) => {
    await findReachRows(tx, { actorId: teacherId, targetId: guardianOf(1) })
    await findReachRows(tx, { actorId: teacherId, targetId: guardianOf(1), at: '2026-10-05T12:00:00Z' })
  }),
  listFeatureSwitches: app(async (tx) => {
    await listFeatureSwitches(tx, 'on')
    await listFeatureSwitches(tx, { feature: 'messaging', before: toId('other', 9), limit: 50 })
    await listSchools(tx)
  }),
  lacksTerms: app(async (tx) => {
    await lacksTerms(tx, { feature: 'messaging', everywhere: true, schoolIds: [toId('school', 1)] })
  }),
  switchFeature: app(async (tx) => {
    await switchFeature(tx, { feature: 'guardians', everywhere: false, schoolIds: [toId('school', 1)], byId: user.id })
    await findUnknownSchools(tx, [toId('school', 1)])
  }),
  hasChannel: app((tx) => hasChannel(tx, { actorId: teacherId, targetId: studentOf(1) })),
  listReach: app((tx) => listReach(tx, { actorId: teacherId, targetId: studentOf(1) })),
  listRosterHistory: app(async (tx) => {
    await listRosterHistory(
      tx,
      Array.from({ length: 100 }, (_, index) => toId('enrollment', 1 + index)),
    )
    await findVersions(tx, [1, 2, 3])
  }),
  findMessage: app((tx) => findMessage(tx, { messageId: toId('message', 1), actorId: teacherId })),
  hideMessage: app(async (tx) => {
    await hideMessage(tx, { messageId: toId('message', 2), actorId: teacherId })
    await unhideMessage(tx, { messageId: toId('message', 2), actorId: teacherId })
  }),
  acceptTerms: app(async (tx) => {
    await acceptTerms(tx, { userId: studentOf(1), version: 5 })
    await acceptTerms(tx, { userId: studentOf(1), version: 4 })
  }),
  listTerms: app(async (tx) => {
    await listTerms(tx, { limit: 50 })
    await listTerms(tx, { before: 3, limit: 50 })
    await findTerms(tx, { userId: teacherId })
    await findTerms(tx, { version: 2 })
    await listTermsAcceptances(tx, { version: 4, limit: 50 })
    await listTermsAcceptances(tx, { version: 4, after: studentOf(1), limit: 50 })
  }),
  publishTerms: app(async (tx) => {
    const terms = { text: 't', replaces: 5, publishedBy: teacherId }
    await publishTerms(tx, terms, { actor: user })
    await publishTerms(tx, terms, { actor: user })
  }),
  openAudit: app((tx) => openAudit(tx, { auditorId: teacherId, reason: 'a test', purpose: 'routine-check' })),
  recordAuditView: app(async (tx) => {
    await recordAuditView(tx, { ...audit, act: 'read', channelId, itemCount: 1 })
  }),
  listChannelAudits: app(async (tx) => {
    await switchFeature(tx, { feature: 'audits-shown-to-teachers', everywhere: true, schoolIds: [], byId: null })
    await listChannelAudits(tx, { channelId, teacherId, limit: 50 })
    await listChannelAudits(tx, { channelId, teacherId, before: toId('other', 500), limit: 50 })
  }),
  listAudits: app(async (tx) => {
    await listAudits(tx, { limit: 50 })
    await listAudits(tx, { before: toId('other', 500), limit: 50 })
    await listAudits(tx, { id: toId('other', 1), limit: 1 })
    await listAuditViews(tx, { auditId: toId('other', 1), limit: 50 })
  }),
  addReport: app(async (tx) => {
    const startFor = toReportStart('safety')
    const subjects = [{ messageId: toId('message', 7) }, { announcementId }, { attachmentId: toId('attachment', 300) }]
    for (const subject of subjects) {
      await addReport(tx, { subject, reporterId: studentOf(1), category: 'other', startFor })
      await findOwnReport(tx, { subject, reporterId: studentOf(1) })
    }
    await addConcern(tx, { messageId: toId('message', 8), kind: 'threat', startFor })
    await addConcern(tx, { announcementId, kind: 'threat', startFor })
  }),
  countNudge: app(async (tx) => {
    await countNudge(tx, 'nudged')
    await listNudgeCounts(tx, 30)
  }),
  listDistrictWords: app(listDistrictWords),
  addReportAct: app((tx) => addReportAct(tx, { reportId: toId('other', 1), act: 'looked', actorId: teacherId })),
  lookAtReport: app((tx) => lookAtReport(tx, report, 'looked')),
  decideReport: app((tx) => decideReport(tx, report, { decision: 'reopen', note: 'a test', startFor: toReportStart('safety') })),
  findReportToTell: app((tx) => findReportToTell(tx, { reportId: toId('other', 1_000), attempt: 1 })),
  listReports: app(async (tx) => {
    await listReports(tx, { viewerId: teacherId, limit: 50 })
    await listReports(tx, { viewerId: teacherId, state: 'flagged', before: toId('other', 50_000), limit: 50 })
    await listReports(tx, { viewerId: teacherId, id: toId('other', 1), limit: 1 })
    await listReportActs(tx, toId('other', 1))
  }),
  listReportedMessages: app(async (tx) => {
    await listReportedMessages(tx, report)
    await findReportedAttachment(tx, { ...report, attachmentId })
  }),
  findReportedAnnouncement: app(async (tx) => {
    await findReportedAnnouncement(tx, announcementReport)
    await findReportedAttachment(tx, { ...announcementReport, attachmentId: announcedFileId })
  }),
  searchChannels: app(async (tx) => {
    const searches: ChannelSearch[] = [
      {},
      { personId: teacherId },
      { personId: studentOf(1) },
      { sectionId: toId('section', 1) },
      { schoolId: toId('school', 1), hasAttachment: true },
      { from: '2030-01-01T00:00:00Z', until: '2031-01-01T00:00:00Z' },
      { hasHidden: true },
      { hasNudged: true },
      { hasReported: true },
    ]
    for (const search of searches) await searchChannels(tx, { ...audit, search, limit: 50 })
  }),
  findAudited: app(async (tx) => {
    await findAuditedChannel(tx, { ...audit, channelId })
    await findAuditedAttachment(tx, { ...audit, attachmentId })
  }),
  listAuditedMessages: app(async (tx) => {
    await listAuditedMessages(tx, { ...audit, channelId, limit: 50 })
    await listAuditedMessages(tx, { ...audit, channelId, limit: 50, before: 10_000 })
    await listAuditedMessages(tx, { ...audit, channelId, limit: 50, after: 10_000 })
  }),
  postAnnouncement: app(async (tx) => {
    const announcement = { sectionId, authorId: announcerId, recipients: 'both' as const, body: randomBytes(1) }
    const startsFor = { receipt: toReceiptStart('roster'), noticing: toNoticingStart('maintenance') }
    await postAnnouncement(tx, { ...announcement, id: newId(), attachmentIds: [] }, startsFor)
    await postAnnouncement(tx, { ...announcement, id: newId(), authorId: studentOf(1), attachmentIds: [attachmentId] }, startsFor)
    await postAnnouncement(tx, { ...announcement, id: announcementId, attachmentIds: [attachmentId] }, startsFor)
  }),
  listAnnouncements: app(async (tx) => {
    const cursor = { createdAt: '2030-01-01T00:00:00Z', id: announcementId }
    for (const actorId of [announcerId, studentOf(1), guardianOf(1)]) {
      await listAnnouncements(tx, { actorId, limit: 50 })
      await listAnnouncements(tx, { actorId, limit: 50, before: cursor })
      await listAnnouncements(tx, { actorId, limit: 50, after: cursor, sectionId })
      await listAnnouncements(tx, { actorId, limit: 1, id: announcementId })
    }
  }),
  findAnnouncement: app(async (tx) => {
    await findAnnouncement(tx, { announcementId, actorId: guardianOf(1) })
    await findSectionStanding(tx, { sectionId, actorId: announcerId })
  }),
  hideAnnouncement: app(async (tx) => {
    await hideAnnouncement(tx, { announcementId, actorId: announcerId })
    await unhideAnnouncement(tx, { announcementId, actorId: announcerId })
  }),
  withdrawAnnouncement: app((tx) => withdrawAnnouncement(tx, { announcementId, actorId: announcerId })),
  markAnnouncementRead: app((tx) => markAnnouncementRead(tx, { announcementId, actorId: announcerId })),
  countDelivery: app(async (tx) => {
    const counted = await countDelivery(tx, { announcementId, actorId: announcerId })
    if (counted === null || counted.canSee < 50) throw new Error('nobody is counted')
  }),
  openReply: app((tx) => openReply(tx, { announcementId, actorId: studentOf(1), studentId: studentOf(1) })),
  searchAnnouncements: app(async (tx) => {
    const searches: AnnouncementSearch[] = [
      {},
      { authorId: announcerId },
      { sectionId },
      { schoolId: toId('school', 1), hasAttachment: true },
      { from: '2020-01-01T00:00:00Z', until: '2031-01-01T00:00:00Z' },
      { isHidden: true },
      { wasNudged: true },
      { isReported: true },
    ]
    for (const search of searches) await searchAnnouncements(tx, { ...audit, search, limit: 50 })
    await searchAnnouncements(tx, { ...audit, search: {}, limit: 1, id: announcementId })
  }),
  listSections: app(async (tx) => {
    for (const actorId of [announcerId, studentOf(1), guardianOf(1)]) await listSections(tx, { actorId, limit: 50 })
    await listSections(tx, { actorId: announcerId, after: sectionId, limit: 50 })
  }),
  findScopeFacts: app(async (tx) => {
    await findScope(tx, announcementId)
    await findScopeFacts(tx, { sectionId, rosterVersion: 1, day: '2031-01-01', hasGuardians: true })
  }),
  recordScopeReceipt: app((tx) => recordScopeReceipt(tx, { announcementId, count: 1, root: randomBytes(32) })),
  findTranslationWork: app(async (tx) => {
    await findTranslationWork(tx, pendingTranslation)
    await findTranslationNames(tx, { kind: 'message', textId: translatedId })
    await findTranslationNames(tx, { kind: 'announcement', textId: announcementId })
  }),
  chargeAsking: app((tx) => chargeAsking(tx, teacherId)),
  chargeTranslation: app(async (tx) => {
    await chargeTranslation(tx, { ...pendingTranslation, characters: 7 })
    for (const news of budgetNews) await markBudgetTold(tx, { month: '2031-09-01', news })
  }),
  finishTranslation: app(async (tx) => {
    const finished = { ...pendingTranslation, body: randomBytes(1), lost: [], provider: 'p', characters: 7 }
    await finishTranslation(tx, { ...finished, kind: 'message', textId: toId('message', 1_000_001) })
    await finishTranslation(tx, { ...finished, kind: 'announcement', textId: announcementId })
    await endTranslation(tx, { ...pendingTranslation, state: 'failed', reason: 'unavailable' })
  }),
  listPendingTranslations: { as: 'sweeper', run: (tx) => listPendingTranslations(tx, { olderThanSeconds: 1, after: null, limit: 100 }) },
  replayTranslation: app((tx) =>
    replayTranslation(tx, { ...pendingTranslation, actor: user, startFor: toTranslatingStart('translations'), onlyPending: false }),
  ),
  listOpenTranslations: oncallAcross(async (tx) => {
    for (const stage of translationStages) await listOpenTranslations(tx, { stage, sinceSeconds: 60, districtId, limit: 50 })
    await listOpenTranslations(tx, { stage: 'failed', sinceSeconds: 60, districtId, except: ['too-long'], limit: 50 })
    await findOpenTranslation(tx, pendingTranslation.translationId)
  }),
  requestTranslation: app(async (tx) => {
    const startFor = toTranslatingStart('translations')
    for (const text of [{ messageId: translatedId }, { messageId: toId('message', 1) }, { announcementId }])
      for (const unasked of [{}, { unasked: { characters: 7 } }])
        await requestTranslation(tx, { ...text, actorId: teacherId, language: 'es', startFor, ...unasked })
  }),
  listTranslationsOf: app(async (tx) => {
    await listTranslationsOf(tx, { messageIds: [translatedId] })
    await listTranslationsOf(tx, { announcementIds: [announcementId] })
  }),
  refuseTranslations: app(async (tx) => {
    const child = { studentId: studentOf(1), guardianId: guardianOf(1) }
    await listChildTranslations(tx, child.guardianId)
    await refuseTranslations(tx, child)
    await takeBackRefusal(tx, child)
  }),
  findTranslationUsage: app(findTranslationUsage),
  listRecipientLanguages: app((tx) => listRecipientLanguages(tx, announcementId)),
  findAnnouncementText: app((tx) => findAnnouncementText(tx, announcementId)),
  listLanguagesOf: app((tx) => listLanguagesOf(tx, [teacherId, studentOf(1)])),
  findTranslation: app(async (tx) => {
    for (const text of [{ messageId: translatedId }, { announcementId }]) {
      await findTranslation(tx, { ...text, actorId: teacherId, language: 'es' })
      await findTranslationStanding(tx, { ...text, actorId: teacherId })
    }
    await isTranslationPending(tx, pendingTranslation.translationId)
  }),
  listTranslations: app(async (tx) => {
    for (const as of ['party', 'reader'] as const)
      await listTranslations(tx, { channelId, actorId: teacherId, as, messageIds: [translatedId], language: 'es' })
    await listAnnouncementTranslations(tx, { announcementIds: [announcementId], language: 'es' })
  }),
  markRead: app(async (tx) => {
    await markRead(tx, { channelId, actorId: teacherId, as: 'party', seq: 9 })
    await markRead(tx, { channelId, actorId: guardianOf(1), as: 'reader', seq: 9 })
  }),
  addNotices: app(async (tx) => {
    const startFor = toNotifyingStart('maintenance')
    const userIds = [teacherId, studentOf(1)]
    await addNotices(tx, { kind: 'announcement', sectionId: toId('section', 1), subjectId: newId(), userIds }, startFor)
    await addNotices(tx, { kind: 'message', channelId, subjectId: newId(), userIds }, startFor)
  }),
  claimNews: app(async (tx) => {
    const ref = { userId: teacherId, batch: 3, notification: 1 }
    await claimNews(tx, ref)
    await markNotified(tx, { ...ref, isTold: true })
  }),
  markRefused: app(async (tx) => {
    await markAddressRefused(tx, { userId: teacherId, emailHash: randomBytes(1) })
    await markNumberRefused(tx, { userId: teacherId, phoneHash: randomBytes(1) })
  }),
  listNotices: app(async (tx) => {
    await listNotices(tx, { userId: teacherId, before: null, limit: 50 })
    await listNotices(tx, { userId: teacherId, before: toId('other', 1_000), limit: 50 })
    await markNoticeSeen(tx, { userId: teacherId, noticeId: toId('other', 1) })
  }),
  replayBatch: app(async (tx) => {
    await replayBatch(tx, { userId: studentOf(1), batch: 3, attempt: 1, startFor: toNotifyingStart('maintenance') })
  }),
  listLateBatches: { as: 'sweeper', run: (tx) => listLateBatches(tx, { olderThanSeconds: 1, after: null, limit: 200 }) },
  findEmailHash: app((tx) => findEmailHash(tx, teacherId)),
  listUnreachable: app(async (tx) => {
    await listUnreachable(tx, { before: null, limit: 50 })
    await listUnreachable(tx, { before: teacherId, limit: 50 })
  }),
  findQuietHours: app((tx) => findQuietHours(tx, [teacherId])),
  findLanguages: app((tx) => findLanguages(tx, teacherId)),
  setLanguage: app((tx) => setLanguage(tx, { userId: teacherId, language: 'es' })),
  listUnnoticed: app((tx) => listUnnoticed(tx, { announcementId, limit: 200 })),
  planNotices: app(async (tx) => {
    await findNoticePlan(tx, { userId: teacherId, batch: 3 }, { firstAfterMs: 1, againAfterMs: 1 })
    await markBatchDue(tx, { userId: teacherId, batch: 3, inMs: 1 })
    await closeNoticeBatch(tx, { userId: teacherId, batch: 3, noticed: 1 })
  }),
  setNotifications: app(async (tx) => {
    await findNotifications(tx, teacherId)
    await setQuietHours(tx, { userId: teacherId, quietHours: { from: 0, until: 60 } })
    await setMailOff(tx, { userId: teacherId, isOff: true })
    await setSmsOff(tx, { userId: teacherId, isOff: false })
  }),
  addEvent: app((tx) => addEvent(tx, { kind: 'notice.added', userId: teacherId, subjectId: newId() })),
  listEventReaders: app(async (tx) => {
    const sessionIds = [toId('other', 1)]
    const posted = { id: toId('other', 2), kind: 'message.posted' as const }
    await listEventReaders(tx, { events: [posted], sessionIds })
    await letReadAlong(tx)
    await listEventReaders(tx, { events: [posted, { id: toId('other', 3), kind: 'message.translated' }], sessionIds })
  }),
  listHoldingSessions: app((tx) => listHoldingSessions(tx, [toId('other', 1)])),
  listMissedEvents: app(async (tx) => {
    const since = { xmin: 190_000, xmax: 199_990, running: [190_000, 190_100] }
    const list = async () => {
      for (const userId of [teacherId, studentOf(1), guardianOf(1)]) await listMissedEvents(tx, { userId, since, limit: 501 })
    }
    await list()
    await letReadAlong(tx)
    await list()
  }),
  listNewEvents: {
    as: 'auth',
    run: async (tx) => {
      await findEventCursor(tx)
      await listNewEvents(tx, { at: 0, snapshot: { xmin: 190_000, xmax: 199_990, running: [190_000, 190_100] } })
    },
  },
  setPosting: app((tx) => setPosting(tx, { channelId, actorId: teacherId, posting: 'paused' })),
  withdrawMessage: app((tx) => withdrawMessage(tx, { messageId: toId('message', 3), actorId: teacherId })),
  findObjectOwners: {
    as: 'sweeper',
    run: async (tx) => {
      for (const bucket of ['incoming', 'clean', 'quarantine'] as const)
        await findObjectOwners(tx, bucket, ['in/1', 'clean/5', 'bad/3', 'none'])
    },
  },
  findPeople: app((tx) => findPeople(tx, [teacherId, studentOf(1)])),
  findReleased: app((tx) => findReleased(tx, attachmentId)),
  findScanWork: app((tx) => findScanWork(tx, attachmentId)),
  findSession: { as: 'auth', run: (tx) => findSession(tx, createHash('sha256').update('2').digest()) },
  findUserId: app((tx) => findUserId(tx, 'user-1')),
  findScanLoad: { as: 'auth', run: findScanLoad },
  findUploadLimits: app(findUploadLimits),
  findUploaderToTell: app((tx) => findUploaderToTell(tx, attachmentId)),
  forgetBadHash: oncall((tx) => forgetBadHash(tx, { sha256: '07'.repeat(32), actor: user, reason: 'r' })),
  isStartPending: app((tx) => isStartPending(tx, 'scan:1')),
  listAttachments: app(async (tx) => {
    await listAttachments(tx, { channelId, actorId: teacherId, as: 'party', limit: 20, before: toId('attachment', 150_000) })
    await listAttachments(tx, { channelId, actorId: guardianOf(1), as: 'reader', limit: 20 })
  }),
  listBadHashes: {
    as: 'sweeper',
    run: async (tx) => {
      await listBadHashes(tx, { limit: 100 })
      await listBadHashes(tx, { sha256: '07'.repeat(32), limit: 100 })
    },
  },
  hasReadAlongs: app(hasReadAlongs),
  listChannels: app(async (tx) => {
    const [first] = await listChannels(tx, { actorId: teacherId, limit: 20 })
    await listChannels(tx, { actorId: teacherId, limit: 20, after: first?.cursor })
    await listChannels(tx, { actorId: studentOf(1), limit: 20 })
  }),
  listDataKeys: app((tx) => listDataKeys(tx, 'columns')),
  listDistrictNames: { as: 'sweeper', run: listDistrictNames, mayScan: ['districts', 'roster_pulls'] },
  listDistricts: { as: 'sweeper', run: listDistricts, mayScan: ['districts'] },
  listDownloads: app((tx) => listDownloads(tx, attachmentId, 50)),
  listDuePulls: { as: 'sweeper', run: (tx) => listDuePulls(tx, { after: null, limit: 100 }), mayScan: ['roster_pulls'] },
  listDueTickets: { as: 'sweeper', run: (tx) => listDueTickets(tx, { longestUploadSeconds: 1, after: null, limit: 100 }) },
  findScan: oncallAcross((tx) => findScan(tx, attachmentId)),
  listActsOn: oncall((tx) => listActsOn(tx, { kind: 'attachment', id: attachmentId }, 20)),
  listScans: oncallAcross(async (tx) => {
    for (const state of listedStates) {
      const filter = { state, sinceSeconds: 7_200, olderThanSeconds: 600, districtId: null, limit: 100 }
      await listScans(tx, filter)
      await listScans(tx, { ...filter, districtId })
      await countScans(tx, filter)
    }
  }),
  listSyncs: oncallAcross(async (tx) => {
    for (const stage of syncStages) {
      const filter = { stage, sinceSeconds: 7_200, districtId: null, limit: 100 }
      await listSyncs(tx, filter)
      await listSyncs(tx, { ...filter, districtId })
    }
    await findSync(tx, toId('other', 1))
  }),
  countLongSyncs: { as: 'sweeper', run: (tx) => countLongSyncs(tx, 7_200) },
  listLateRosters: { as: 'sweeper', run: (tx) => listLateRosters(tx, { after: null, limit: 100 }), mayScan: ['districts'] },
  findLateRoster: app(async (tx) => {
    await findLateRoster(tx)
    await markLateTold(tx)
  }),
  closeSchoolYear: ofWorker(async (tx) => {
    await closeYearChannels(tx, { schoolYear: 2031, limit: 500 })
    await listYearNotices(tx, { schoolYear: 2031, after: studentOf(1), limit: 50 })
    await claimYearNotice(tx, { schoolYear: 2031, userId: studentOf(1), by: { attempt: 1 } })
    await markYearTold(tx, { schoolYear: 2031, userId: studentOf(1) })
    await settleYearEnd(tx, { schoolYear: 2031, attempt: 1 })
  }),
  reopenSchoolYear: app(async (tx) => {
    await listClosedYears(tx)
    await reopenYearChannels(tx, { schoolYear: 2031, limit: 500 })
  }),
  settleVersion: app(async (tx) => {
    await closeEndedSessions(tx, 2)
    await cancelEndedUploads(tx, { version: 2, limit: 1_000 })
    await noteParted(tx, 2)
    await listParted(tx, { version: 2, after: studentOf(1), limit: 50 })
    await claimParted(tx, { version: 2, userId: studentOf(1), by: { attempt: 1 } })
    await markTold(tx, { version: 2, userId: studentOf(1) })
    await markSettled(tx, { version: 2, limit: 1_000 })
    await closeSettlement(tx, 2)
  }),
  listUnsettledDistricts: { as: 'sweeper', run: (tx) => listUnsettledDistricts(tx, { olderThanSeconds: 1, after: null, limit: 100 }) },
  listUnreceiptedDistricts: { as: 'sweeper', run: (tx) => listUnreceiptedDistricts(tx, { olderThanSeconds: 1, after: null, limit: 100 }) },
  listOpenSettlements: app((tx) => listOpenSettlements(tx, { olderThanSeconds: 1, after: 2, limit: 100 })),
  listOpenReceipts: app(async (tx) => {
    await listOpenReceipts(tx, { olderThanSeconds: 0, after: null, limit: 100 })
    await listOpenReceipts(tx, { olderThanSeconds: 0, after: announcementId, limit: 100 })
  }),
  replayReceipt: app((tx) =>
    replayReceipt(tx, { announcementId: toId('announcement', 1_000), attempt: 1, actor: user, startFor: toReceiptStart('roster') }),
  ),
  replaySettlement: app((tx) => replaySettlement(tx, { version: 1_000, attempt: 1, actor: user, startFor: toSettlingStart('roster') })),
  findEndedYears: app(async (tx) => {
    await findEndedYears(tx, 14)
    await askForYearEnd(tx, { schoolYear: 2031, attempt: 1, startFor: toYearEndStart('roster') })
  }),
  discardRemovals: oncall((tx) => discardRemovals(tx, { syncId: toId('other', 1), actor: { kind: 'staff', name: 'ada' } })),
  listStartsOf: oncall((tx) => listStartsOf(tx, ['scan:1', 'scan:2'])),
  listWaitingStarts: oncallAcross(async (tx) => {
    await listWaitingStarts(tx, { id: null, sinceSeconds: 7_200, olderThanSeconds: 60, limit: 100 })
    await listWaitingStarts(tx, { id: 'scan:1000', sinceSeconds: null, olderThanSeconds: 0, limit: 1 })
  }),
  releaseStart: oncall((tx) => releaseStart(tx, { outboxId: toId('other', 1_000), actor: { kind: 'staff', name: 'ada' } })),
  listLongScans: { as: 'sweeper', run: (tx) => listLongScans(tx, { olderThanSeconds: 1, after: null, limit: 100 }) },
  listMessages: app(async (tx) => {
    await listMessages(tx, { channelId, actorId: teacherId, as: 'party', limit: 50 })
    await listMessages(tx, { channelId, actorId: teacherId, as: 'party', limit: 50, before: 10_000 })
    await listMessages(tx, { channelId, actorId: teacherId, as: 'party', limit: 50, after: 10_000 })
    await listMessages(tx, { channelId, actorId: guardianOf(1), as: 'reader', limit: 50 })
  }),
  listObjectKeys: app((tx) => listObjectKeys(tx, { after: 'clean/5', limit: 100 })),
  listQuarantineDue: { as: 'sweeper', run: (tx) => listQuarantineDue(tx, { after: null, limit: 100 }) },
  listRecipients: app((tx) =>
    listRecipients(tx, { teacherId, limit: 50, after: { studentId: studentOf(1), participantId: studentOf(1) } }),
  ),
  findUnsealedAge: { as: 'sweeper', run: findUnsealedAge, mayScan: ['districts'] },
  listRoleIds: app((tx) => listRoleIds(tx, ['user-1', 'user-2'])),
  listRescans: {
    as: 'sweeper',
    run: async (tx) => {
      const walk = { databaseVersion: '27001', days: 30, restSeconds: 86_400, limit: 1_000 }
      const { last } = await listRescans(tx, { ...walk, before: null })
      await listRescans(tx, { ...walk, before: last })
    },
  },
  listKnownBad: {
    as: 'sweeper',
    run: async (tx) => {
      const { last } = await listKnownBad(tx, { days: 30, after: null, limit: 1_000 })
      await listKnownBad(tx, { days: 30, after: last, limit: 1_000 })
    },
  },
  listWithdrawn: { as: 'sweeper', run: (tx) => listWithdrawn(tx, 's', 50) },
  listSameBytes: { as: 'sweeper', run: (tx) => listSameBytes(tx, '07'.repeat(32), { after: null, limit: 100 }) },
  listUnsealedDistricts: { as: 'sweeper', run: listUnsealedDistricts, mayScan: ['districts'] },
  listWithdrawing: { as: 'sweeper', run: (tx) => listWithdrawing(tx, 100) },
  markWorkflowStarted: app((tx) => markWorkflowStarted(tx, 'scan:1000')),
  mintSession: app((tx) => mintSession(tx, { userId: teacherId, tokenHash: randomBytes(32), lifeSeconds: 1, by: user, reason: 'r' })),
  openChannel: app((tx) => openChannel(tx, { teacherId, participantId: studentOf(8), studentId: studentOf(8) })),
  openGuardianChannels: app((tx) => openGuardianChannels(tx, { teacherId, studentId: studentOf(8) })),
  noteFinding: app((tx) => noteFinding(tx, ref, { sha256: 'ab'.repeat(32), signature: 's', engine: 'e', databaseVersion: '1' })),
  pinVersion: app((tx) => pinVersion(tx, { ...ref, versionId: 'v' })),
  unpinVersion: app((tx) => unpinVersion(tx, { ...ref, versionId: 'v' })),
  placeVerdict: app((tx) => placeVerdict(tx, attachmentId, 1, { ...findings, verdict: 'unscannable', refusalReason: 'empty' })),
  placeWithdrawn: app(async (tx) => {
    await placeWithdrawn(tx, attachmentId, { quarantineKey: 'bad/x', quarantineDays: 1 })
    await closeWithdrawal(tx, attachmentId, 'clean/x')
  }),
  postMessage: app(async (tx) => {
    await postMessage(tx, { id: newId(), channelId, authorId: teacherId, body: randomBytes(1), attachmentIds: [attachmentId] })
    await postMessage(tx, { id: newId(), channelId, authorId: studentOf(1), body: randomBytes(1), attachmentIds: [] })
    await findPostRefusal(tx, { id: newId(), channelId, authorId: teacherId, body: randomBytes(1), attachmentIds: [] })
  }),
  purgeSoon: app((tx) => purgeSoon(tx, attachmentId)),
  recordAudit: app((tx) => recordAudit(tx, { actor: user, action: 'a.b', target: { kind: 'k', id: 'i' } })),
  recordDownload: app(async (tx) => {
    await recordDownload(tx, { attachmentId, actorId: teacherId })
    await mayStillDownload(tx, { attachmentId, actorId: teacherId })
    await recordDownload(tx, { attachmentId: announcedFileId, actorId: announcerId })
    await mayStillDownload(tx, { attachmentId: announcedFileId, actorId: studentOf(1) })
  }),
  recordFailure: app((tx) => recordFailure(tx, { attachmentId: toId('attachment', 2), attempt: 1 }, 'T')),
  recordPurge: app((tx) => recordPurge(tx, { attachmentId: toId('attachment', 3), quarantineKey: 'bad/3' })),
  recordRescan: app((tx) => recordRescan(tx, attachmentId, { outcome: 'passed', engine: 'e', databaseVersion: '2' })),
  rememberBadHash: app((tx) => rememberBadHash(tx, { sha256: '07'.repeat(32), signature: 's', engine: 'e', databaseVersion: '1' })),
  reopenTicket: app((tx) => reopenTicket(tx, { attachmentId: toId('attachment', 2), attempt: 1 })),
  replayAttachment: app((tx) => replayAttachment(tx, { attachmentId: toId('attachment', 2), attempt: 1, actor: user, startFor })),
  replaceWrappedKey: app(async (tx) => {
    const change = { wrapped: Buffer.from([0]), rewrapped: randomBytes(1) }
    await replaceWrappedDataKey(tx, { ...change, purpose: 'columns', epoch: 1 })
    await replaceWrappedObjectKey(tx, { ...change, objectKey: 'clean/5' })
  }),
  settleOutbox: {
    as: 'relay',
    run: async (tx) => {
      const claimed = { districtId, outboxId: toId('other', 1_000) }
      await markStartFailed(tx, claimed, 'CODE')
      await markStarted(tx, claimed)
    },
  },
  withdrawAttachment: app((tx) =>
    withdrawAttachment(tx, attachmentId, {
      sha256: '07'.repeat(32),
      releasedSha256: '08'.repeat(32),
      signature: 's',
      engine: 'e',
      databaseVersion: '2',
      withdrawnBy: 'w',
    }),
  ),
}

/** Files of `db/queries/` that hold parts of statements and run none. */
export const fragments = [
  'preferredLanguage',
  'sourceColumns',
  'isTranslatable',
  'isUsedUp',
  'translationRow',
  'rosterEventRow',
  'rosterSyncRow',
  'apiClientRow',
  'attachmentFacts',
  'announcementRow',
  'isSeenAttachment',
  'liveSection',
  'attachmentRow',
  'auditColumns',
  'channelRow',
  'claimNotice',
  'hasAcceptedTerms',
  'eventRow',
  'holdsGrant',
  'inboxColumns',
  'isNews',
  'isNotHeld',
  'isShown',
  'isSwitchedOn',
  'isAuditOpen',
  'isReportOpenTo',
  'lateRoster',
  'isYearOver',
  'liveRelation',
  'messageRow',
  'outboxRow',
  'readsAlong',
  'scanRow',
  'stateAllows',
  'workDays',
  'takesPosts',
]
