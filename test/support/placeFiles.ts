import { Readable } from 'node:stream'
import { inject } from 'vitest'
import { storeEncrypted } from '../../activities/storeEncrypted.ts'
import type { ApiDeps } from '../../api/apiDeps.ts'
import { createObjectBucket } from '../../clients/s3/createObjectBucket.ts'
import { createS3Client } from '../../clients/s3/createS3Client.ts'
import { toDistrictKeyName } from '../../db/dataKeyContext.ts'
import type { AttachmentState } from '../../domain/attachment.ts'
import type { TestDatabase } from './database.ts'

/** Puts an attachment into a state as the worker would have left it: with the facts that the schema demands of that state. */
export const moveTo = (database: TestDatabase, attachmentId: string, state: AttachmentState): Promise<unknown> =>
  database.superuser.query(
    `update attachments set state = $2,
       verdict = case $2 when 'clean' then 'clean' when 'quarantined' then 'infected' when 'refused' then 'unscannable' end,
       refusal_reason = case $2 when 'refused' then 'encrypted' end,
       clean_key = case when $2 = 'clean' then coalesce(clean_key, id::text) else clean_key end
     where id = $1`,
    [attachmentId, state],
  )

/** Releases an attachment with these bytes: encrypted into the clean bucket by the worker's own code and credential. */
export const release = async (
  deps: Pick<ApiDeps, 'app' | 'keys'>,
  database: TestDatabase,
  file: { districtId: string; attachmentId: string; bytes: Buffer },
): Promise<void> => {
  const { s3, region } = inject('stack')
  const store = createS3Client({ endpoint: s3.endpoint, region, credentials: s3.scanner })
  const { districtId, attachmentId, bytes } = file
  const keyName = toDistrictKeyName(districtId)
  await deps.keys.ensureKey(keyName, 'encrypt')
  const cleanKey = await storeEncrypted(deps, {
    districtId,
    keyName,
    bucket: createObjectBucket(store, s3.buckets.clean),
    body: Readable.from([bytes]),
    signal: new AbortController().signal,
  })
  store.destroy()
  await database.superuser.query(
    `update attachments set state = 'clean', verdict = 'clean', clean_key = $2, clean_bytes = $3, clean_content_type = content_type, ended_at = now()
     where id = $1`,
    [attachmentId, cleanKey, bytes.length],
  )
}
