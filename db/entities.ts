import type { DataClass } from '../domain/dataClass.ts'
import { Announcement, announcementClasses } from './entities/Announcement.ts'
import { AnnouncementRead, announcementReadClasses } from './entities/AnnouncementRead.ts'
import { ApiClient, apiClientClasses } from './entities/ApiClient.ts'
import { Attachment, attachmentClasses } from './entities/Attachment.ts'
import { AuditBatch, auditBatchClasses } from './entities/AuditBatch.ts'
import { AuditEntry, auditEntryClasses } from './entities/AuditEntry.ts'
import { BadHash, badHashClasses } from './entities/BadHash.ts'
import { Channel, channelClasses } from './entities/Channel.ts'
import { ClientToken, clientTokenClasses } from './entities/ClientToken.ts'
import { Course, courseClasses } from './entities/Course.ts'
import { DataKey, dataKeyClasses } from './entities/DataKey.ts'
import { District, districtClasses } from './entities/District.ts'
import { DistrictUploadUsage, districtUploadUsageClasses } from './entities/DistrictUploadUsage.ts'
import { Enrollment, enrollmentClasses } from './entities/Enrollment.ts'
import { FeatureSwitch, featureSwitchClasses } from './entities/FeatureSwitch.ts'
import { Grant, grantClasses } from './entities/Grant.ts'
import { Guardianship, guardianshipClasses } from './entities/Guardianship.ts'
import { IdempotencyKey, idempotencyKeyClasses } from './entities/IdempotencyKey.ts'
import { LastSuccess, lastSuccessClasses } from './entities/LastSuccess.ts'
import { Message, messageClasses } from './entities/Message.ts'
import { Audit, auditClasses } from './entities/Audit.ts'
import { AuditView, auditViewClasses } from './entities/AuditView.ts'
import { Report, reportClasses } from './entities/Report.ts'
import { ReportActRow, reportActClasses } from './entities/ReportAct.ts'
import { TermsAcceptance, termsAcceptanceClasses } from './entities/TermsAcceptance.ts'
import { TermsOfUse, termsOfUseClasses } from './entities/TermsOfUse.ts'
import { Event, eventClasses } from './entities/Event.ts'
import { Notice, noticeClasses } from './entities/Notice.ts'
import { NoticeBatch, noticeBatchClasses } from './entities/NoticeBatch.ts'
import { NoticeSetting, noticeSettingClasses } from './entities/NoticeSetting.ts'
import { ReadMark, readMarkClasses } from './entities/ReadMark.ts'
import { DistrictWord, districtWordClasses } from './entities/DistrictWord.ts'
import { NudgeCount, nudgeCountClasses } from './entities/NudgeCount.ts'
import { ObjectKey, objectKeyClasses } from './entities/ObjectKey.ts'
import { OpenAlert, openAlertClasses } from './entities/OpenAlert.ts'
import { OutboxEntry, outboxEntryClasses } from './entities/OutboxEntry.ts'
import { School, schoolClasses } from './entities/School.ts'
import { Section, sectionClasses } from './entities/Section.ts'
import { SectionBoard, sectionBoardClasses } from './entities/SectionBoard.ts'
import { Session, sessionClasses } from './entities/Session.ts'
import { Term, termClasses } from './entities/Term.ts'
import { Translation, translationClasses } from './entities/Translation.ts'
import { TranslationRefusal, translationRefusalClasses } from './entities/TranslationRefusal.ts'
import { TranslationUsage, translationUsageClasses } from './entities/TranslationUsage.ts'
import { User, userClasses } from './entities/User.ts'
import { UserTranslationUsage, userTranslationUsageClasses } from './entities/UserTranslationUsage.ts'
import { UserUploadUsage, userUploadUsageClasses } from './entities/UserUploadUsage.ts'
import { SectionTerm, sectionTermClasses } from './entities/SectionTerm.ts'
import { OrgRole, orgRoleClasses } from './entities/OrgRole.ts'
import { AccessNotice, accessNoticeClasses } from './entities/AccessNotice.ts'
import { SchoolYearEnd, schoolYearEndClasses } from './entities/SchoolYearEnd.ts'
import { SchoolYearNotice, schoolYearNoticeClasses } from './entities/SchoolYearNotice.ts'
import { AgentLink, agentLinkClasses } from './entities/AgentLink.ts'
import { RosterVersion, rosterVersionClasses } from './entities/RosterVersion.ts'
import { RosterSync, rosterSyncClasses } from './entities/RosterSync.ts'
import { RosterSyncCount, rosterSyncCountClasses } from './entities/RosterSyncCount.ts'
import { RosterChange, rosterChangeClasses } from './entities/RosterChange.ts'
import { RosterPull, rosterPullClasses } from './entities/RosterPull.ts'
import { RosterSettlement, rosterSettlementClasses } from './entities/RosterSettlement.ts'
import { RosterSource, rosterSourceClasses } from './entities/RosterSource.ts'
import { RosterWatermark, rosterWatermarkClasses } from './entities/RosterWatermark.ts'
import { Suspension, suspensionClasses } from './entities/Suspension.ts'
import { AccessEnding, accessEndingClasses } from './entities/AccessEnding.ts'
import { RosterEvent, rosterEventClasses } from './entities/RosterEvent.ts'
import { ProviderConnection, providerConnectionClasses } from './entities/ProviderConnection.ts'

/** Every entity, and what each of its columns holds. */
export const entities = [
  District,
  School,
  FeatureSwitch,
  Term,
  Course,
  Section,
  User,
  Enrollment,
  Guardianship,
  Channel,
  Message,
  ReadMark,
  SectionBoard,
  Announcement,
  AnnouncementRead,
  TermsOfUse,
  TermsAcceptance,
  Event,
  Notice,
  NoticeBatch,
  NoticeSetting,
  Audit,
  AuditView,
  Report,
  ReportActRow,
  NudgeCount,
  Translation,
  TranslationRefusal,
  TranslationUsage,
  DistrictWord,
  Attachment,
  BadHash,
  UserUploadUsage,
  UserTranslationUsage,
  DistrictUploadUsage,
  Session,
  Grant,
  OutboxEntry,
  AuditEntry,
  AuditBatch,
  IdempotencyKey,
  DataKey,
  ObjectKey,
  OpenAlert,
  LastSuccess,
  SectionTerm,
  OrgRole,
  AgentLink,
  RosterVersion,
  RosterSync,
  RosterSyncCount,
  RosterChange,
  RosterSource,
  RosterWatermark,
  Suspension,
  AccessEnding,
  RosterSettlement,
  AccessNotice,
  SchoolYearEnd,
  SchoolYearNotice,
  RosterEvent,
  ProviderConnection,
  ApiClient,
  ClientToken,
  RosterPull,
]

/** Table → property → class. Property names are the entity's; `dataClasses.ts` gives column names. */
export const propertyClasses: Readonly<Record<string, Readonly<Record<string, DataClass>>>> = {
  districts: districtClasses,
  schools: schoolClasses,
  terms: termClasses,
  courses: courseClasses,
  sections: sectionClasses,
  users: userClasses,
  enrollments: enrollmentClasses,
  feature_switches: featureSwitchClasses,
  guardianships: guardianshipClasses,
  channels: channelClasses,
  messages: messageClasses,
  read_marks: readMarkClasses,
  section_boards: sectionBoardClasses,
  announcements: announcementClasses,
  announcement_reads: announcementReadClasses,
  terms_of_use: termsOfUseClasses,
  terms_acceptances: termsAcceptanceClasses,
  events: eventClasses,
  notices: noticeClasses,
  notice_batches: noticeBatchClasses,
  notice_settings: noticeSettingClasses,
  audits: auditClasses,
  audit_views: auditViewClasses,
  reports: reportClasses,
  report_acts: reportActClasses,
  nudge_counts: nudgeCountClasses,
  translations: translationClasses,
  translation_refusals: translationRefusalClasses,
  translation_usage: translationUsageClasses,
  district_words: districtWordClasses,
  attachments: attachmentClasses,
  bad_hashes: badHashClasses,
  user_upload_usage: userUploadUsageClasses,
  user_translation_usage: userTranslationUsageClasses,
  district_upload_usage: districtUploadUsageClasses,
  sessions: sessionClasses,
  grants: grantClasses,
  outbox: outboxEntryClasses,
  audit_entries: auditEntryClasses,
  audit_batches: auditBatchClasses,
  idempotency_keys: idempotencyKeyClasses,
  'keys.data_keys': dataKeyClasses,
  'keys.object_keys': objectKeyClasses,
  open_alerts: openAlertClasses,
  last_successes: lastSuccessClasses,
  section_terms: sectionTermClasses,
  org_roles: orgRoleClasses,
  agent_links: agentLinkClasses,
  roster_versions: rosterVersionClasses,
  roster_syncs: rosterSyncClasses,
  roster_sync_counts: rosterSyncCountClasses,
  roster_changes: rosterChangeClasses,
  roster_sources: rosterSourceClasses,
  roster_watermarks: rosterWatermarkClasses,
  suspensions: suspensionClasses,
  access_endings: accessEndingClasses,
  roster_settlements: rosterSettlementClasses,
  access_notices: accessNoticeClasses,
  school_year_ends: schoolYearEndClasses,
  school_year_notices: schoolYearNoticeClasses,
  roster_events: rosterEventClasses,
  provider_connections: providerConnectionClasses,
  api_clients: apiClientClasses,
  client_tokens: clientTokenClasses,
  roster_pulls: rosterPullClasses,
}
