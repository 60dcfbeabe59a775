import { createRoute, OpenAPIHono } from '@hono/zod-openapi'
import { readDistrict } from '../../db/openDatabase.ts'
import { findUploadLimits } from '../../db/queries/findUploadLimits.ts'
import { fileTypes, typeAdvice } from '../../domain/fileTypes.ts'
import { messageLimits, uploadLimits } from '../../domain/uploadLimits.ts'
import type { ApiDeps } from '../apiDeps.ts'
import type { ApiEnv } from '../apiEnv.ts'
import { refuseInvalidInput } from '../invalidInput.ts'
import { uploadLimitsSchema } from '../schemas/attachmentSchema.ts'
import { commonProblems } from '../schemas/problemSchema.ts'

/** What a client must show before anyone picks a file. */
export const uploadLimitsRoutes = (deps: Pick<ApiDeps, 'app'>) =>
  new OpenAPIHono<ApiEnv>({ defaultHook: refuseInvalidInput }).openapi(
    createRoute({
      method: 'get',
      path: '/upload-limits',
      operationId: 'getUploadLimits',
      summary: 'What may be sent',
      tags: ['attachments'],
      responses: {
        200: { description: 'Limits and types', content: { 'application/json': { schema: uploadLimitsSchema } } },
        ...commonProblems,
      },
    }),
    async (c) => {
      const limits = await readDistrict(deps.app, c.get('actor').districtId, findUploadLimits)
      return c.json(
        {
          bytesMax: limits.bytesMax,
          filesPerDay: limits.personFilesPerDay,
          bytesPerDay: limits.personBytesPerDay,
          uploadsInFlight: limits.personUploadsInFlight,
          fileNameCharactersMax: uploadLimits.fileNameCharactersMax,
          attachmentsPerMessageMax: uploadLimits.attachmentsPerMessageMax,
          imagePixelsMax: uploadLimits.imagePixelsMax,
          messageCharactersMax: messageLimits.charactersMax,
          types: fileTypes.map(({ contentType, extensions, family }) => ({ contentType, extensions: [...extensions], family })),
          advice: { ...typeAdvice },
        },
        200,
      )
    },
  )
