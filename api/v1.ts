import { OpenAPIHono } from '@hono/zod-openapi'
import type { ApiDeps } from './apiDeps.ts'
import type { ApiEnv } from './apiEnv.ts'
import { openEventStreams } from './events/openEventStreams.ts'
import { refuseInvalidInput } from './invalidInput.ts'
import { announcementActRoutes } from './routes/announcementActs.ts'
import { announcementDeliveryRoute } from './routes/announcementDelivery.ts'
import { announcementRoutes } from './routes/announcements.ts'
import { apiClientRoutes } from './routes/apiClients.ts'
import { attachmentEventRoutes } from './routes/attachmentEvents.ts'
import { attachmentRoutes } from './routes/attachments.ts'
import { auditedAnnouncementRoutes } from './routes/auditedAnnouncements.ts'
import { auditedChannelRoutes } from './routes/auditedChannels.ts'
import { auditedDownloadRoute } from './routes/auditedDownload.ts'
import { channelAuditRoutes } from './routes/channelAudits.ts'
import { auditRoutes } from './routes/audits.ts'
import { channelActRoutes } from './routes/channelActs.ts'
import { channelRoutes } from './routes/channels.ts'
import { districtSettingsRoute } from './routes/districtSettings.ts'
import { districtTermsRoutes } from './routes/districtTerms.ts'
import { completeAttachmentRoute } from './routes/completeAttachment.ts'
import { contactRoutes } from './routes/contacts.ts'
import { createReportRoutes } from './routes/createReport.ts'
import { reportedDownloadRoute } from './routes/reportedDownload.ts'
import { reportRoutes } from './routes/reports.ts'
import { createAttachmentRoute } from './routes/createAttachment.ts'
import { deleteAttachmentRoute } from './routes/deleteAttachment.ts'
import { downloadAttachmentRoute } from './routes/downloadAttachment.ts'
import { featureRoutes } from './routes/features.ts'
import { unreachableRoutes } from './routes/unreachable.ts'
import { heldRemovalRoutes } from './routes/heldRemovals.ts'
import { eventRoutes } from './routes/events.ts'
import { explainAccessRoute } from './routes/explainAccess.ts'
import { meRoutes } from './routes/me.ts'
import { messageActRoutes } from './routes/messageActs.ts'
import { messageRoutes } from './routes/messages.ts'
import { noticeRoutes } from './routes/notices.ts'
import { notificationRoutes } from './routes/notifications.ts'
import { oauthTokenRoute } from './routes/oauthToken.ts'
import { openGuardianChannelsRoute } from './routes/openGuardianChannels.ts'
import { openChannelRoute } from './routes/openChannel.ts'
import { postAnnouncementRoute } from './routes/postAnnouncement.ts'
import { postMessageRoute } from './routes/postMessage.ts'
import { providerConnectionRoutes } from './routes/providerConnections.ts'
import { replyToAnnouncementRoute } from './routes/replyToAnnouncement.ts'
import { rosterEventRoutes } from './routes/rosterEvents.ts'
import { rosterReportRoutes } from './routes/rosterReports.ts'
import { rosterSyncRoutes } from './routes/rosterSyncs.ts'
import { sectionRoutes } from './routes/sections.ts'
import { sendRosterSyncRoutes } from './routes/sendRosterSync.ts'
import { substituteRoutes } from './routes/substitutes.ts'
import { translationRefusalRoutes } from './routes/translationRefusals.ts'
import { translationRoutes } from './routes/translations.ts'
import { termsOfUseRoutes } from './routes/termsOfUse.ts'
import { uploadLimitsRoutes } from './routes/uploadLimits.ts'

/** Every route under /v1: the whole contract. */
export const createV1 = (deps: ApiDeps) => {
  const streams = openEventStreams(deps)
  return new OpenAPIHono<ApiEnv>({ defaultHook: refuseInvalidInput })
    .route('/', meRoutes(deps))
    .route('/', notificationRoutes(deps))
    .route('/', noticeRoutes(deps))
    .route('/', termsOfUseRoutes(deps))
    .route('/', uploadLimitsRoutes(deps))
    .route('/', contactRoutes(deps))
    .route('/', sectionRoutes(deps))
    .route('/', openChannelRoute(deps))
    .route('/', openGuardianChannelsRoute(deps))
    .route('/', channelRoutes(deps))
    .route('/', postMessageRoute(deps))
    .route('/', messageRoutes(deps))
    .route('/', channelActRoutes(deps))
    .route('/', messageActRoutes(deps))
    .route('/', createReportRoutes(deps))
    .route('/', reportRoutes(deps))
    .route('/', reportedDownloadRoute(deps))
    .route('/', postAnnouncementRoute(deps))
    .route('/', announcementRoutes(deps))
    .route('/', announcementActRoutes(deps))
    .route('/', replyToAnnouncementRoute(deps))
    .route('/', announcementDeliveryRoute(deps))
    .route('/', translationRoutes(deps))
    .route('/', translationRefusalRoutes(deps))
    .route('/', createAttachmentRoute(deps))
    .route('/', attachmentRoutes(deps))
    .route('/', completeAttachmentRoute(deps))
    .route('/', deleteAttachmentRoute(deps))
    .route('/', downloadAttachmentRoute(deps))
    .route('/', attachmentEventRoutes(deps, streams))
    .route('/', eventRoutes(deps, streams))
    .route('/', explainAccessRoute(deps))
    .route('/', providerConnectionRoutes(deps))
    .route('/', featureRoutes(deps))
    .route('/', districtSettingsRoute(deps))
    .route('/', unreachableRoutes(deps))
    .route('/', substituteRoutes(deps))
    .route('/', districtTermsRoutes(deps))
    .route('/', oauthTokenRoute(deps))
    .route('/', apiClientRoutes(deps))
    .route('/', rosterEventRoutes(deps))
    .route('/', sendRosterSyncRoutes(deps))
    .route('/', rosterSyncRoutes(deps))
    .route('/', rosterReportRoutes(deps))
    .route('/', heldRemovalRoutes(deps))
    .route('/', auditRoutes(deps))
    .route('/', channelAuditRoutes(deps))
    .route('/', auditedChannelRoutes(deps))
    .route('/', auditedAnnouncementRoutes(deps))
    .route('/', auditedDownloadRoute(deps))
}
