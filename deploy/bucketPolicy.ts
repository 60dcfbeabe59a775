import { reportsPrefix } from '../domain/roster/objectKeys.ts'

export type PolicyRole = 'incoming' | 'clean' | 'quarantine' | 'archive' | 'roster'

/** Access key ids of the credentials. */
export type BucketUsers = { api: string; scanner: string; rescan: string; roster: string; oncall: string }

/** `under`: only keys that begin so. */
type Grant = { user: keyof BucketUsers; actions: string[]; under?: string }

const listing = ['s3:ListBucket', 's3:ListBucketVersions', 's3:ListBucketMultipartUploads']
const unfinished = ['s3:ListMultipartUploadParts', 's3:AbortMultipartUpload']
const deleting = ['s3:DeleteObject', 's3:DeleteObjectVersion']

/**
 * Who may do what. The scanner cannot read back what it wrote; nobody but it reads incoming or quarantine. The archive it adds to,
 * and cannot empty. On-call reads that and nothing else; of the rest it sees which objects there are. Looking again at clean
 * files has a credential of its own, which reads them and nothing else; so have the feeds of rosters, and of that bucket the API reads reports alone.
 */
const grants: Record<PolicyRole, Grant[]> = {
  incoming: [
    { user: 'api', actions: ['s3:PutObject'] },
    { user: 'scanner', actions: ['s3:GetObject', 's3:GetObjectVersion', ...listing, ...unfinished, ...deleting] },
    { user: 'oncall', actions: ['s3:ListBucketVersions'] },
  ],
  clean: [
    { user: 'api', actions: ['s3:GetObject'] },
    { user: 'rescan', actions: ['s3:GetObject'] },
    { user: 'scanner', actions: ['s3:PutObject', ...listing, ...unfinished, ...deleting] },
    { user: 'oncall', actions: ['s3:ListBucketVersions'] },
  ],
  quarantine: [
    { user: 'scanner', actions: ['s3:PutObject', ...listing, ...unfinished, ...deleting] },
    { user: 'oncall', actions: ['s3:ListBucketVersions'] },
  ],
  archive: [
    { user: 'scanner', actions: ['s3:PutObject', ...listing, ...unfinished] },
    { user: 'oncall', actions: ['s3:GetObject', 's3:GetObjectVersion', 's3:ListBucket', 's3:ListBucketVersions'] },
  ],
  roster: [
    { user: 'api', actions: ['s3:PutObject'] },
    { user: 'api', actions: ['s3:GetObject'], under: reportsPrefix },
    { user: 'roster', actions: ['s3:GetObject', 's3:GetObjectVersion', 's3:PutObject', ...listing, ...unfinished, ...deleting] },
    { user: 'oncall', actions: ['s3:ListBucketVersions'] },
  ],
}

const ofBucket = new Set(listing)

/**
 * The bucket's policy document. versitygw asks a form POST's right of the bucket, not of the key, so
 * `s3:PutObject` names both.
 */
export const bucketPolicy = (role: PolicyRole, bucket: string, users: BucketUsers): { Version: string; Statement: object[] } => ({
  Version: '2012-10-17',
  Statement: grants[role].flatMap(({ user, actions, under = '' }) => {
    const statement = (Action: string[], Resource: string[]) => ({ Effect: 'Allow', Principal: { AWS: [users[user]] }, Action, Resource })
    const onBucket = actions.filter((action) => ofBucket.has(action))
    const onObjects = actions.filter((action) => !ofBucket.has(action) && action !== 's3:PutObject')
    return [
      ...(onBucket.length > 0 ? [statement(onBucket, [`arn:aws:s3:::${bucket}`])] : []),
      ...(onObjects.length > 0 ? [statement(onObjects, [`arn:aws:s3:::${bucket}/${under}*`])] : []),
      ...(actions.includes('s3:PutObject') ? [statement(['s3:PutObject'], [`arn:aws:s3:::${bucket}`, `arn:aws:s3:::${bucket}/*`])] : []),
    ]
  }),
})
