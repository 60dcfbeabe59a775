import { CreateBucketCommand, PutBucketPolicyCommand, PutBucketVersioningCommand, PutObjectCommand } from '@aws-sdk/client-s3'
import { inject } from 'vitest'
import { createObjectBucket } from '../../clients/s3/createObjectBucket.ts'
import { createS3Client } from '../../clients/s3/createS3Client.ts'
import { bucketPolicy, type PolicyRole } from '../../deploy/bucketPolicy.ts'
import type { ObjectBucket, StoredObject } from '../../domain/ports.ts'

const roles = ['incoming', 'clean', 'quarantine', 'archive', 'roster'] as const satisfies PolicyRole[]

/** Five buckets of one test file, with the same policies as the stack's. */
export type TestBuckets = {
  names: Record<PolicyRole, string>
  /** Seen with the root credential, to look at what lies there. */
  seen: Record<PolicyRole, ObjectBucket>
  listAll(role: PolicyRole): Promise<StoredObject[]>
  put(role: PolicyRole, key: string, content: Buffer): Promise<void>
  /** The objects stay: the search for the canary after the suite reads them. */
  close(): void
}

export const createTestBuckets = async (name: string): Promise<TestBuckets> => {
  const { endpoint, region, root, api, scanner, oncall, rescan, roster } = inject('stack').s3
  const s3 = createS3Client({ endpoint, region, credentials: root })
  const users = {
    api: api.accessKeyId,
    scanner: scanner.accessKeyId,
    oncall: oncall.accessKeyId,
    rescan: rescan.accessKeyId,
    roster: roster.accessKeyId,
  }
  const names = {
    incoming: `incoming-${name}`,
    clean: `clean-${name}`,
    quarantine: `quarantine-${name}`,
    archive: `archive-${name}`,
    roster: `roster-${name}`,
  }
  for (const role of roles) {
    const Bucket = names[role]
    await s3.send(new CreateBucketCommand({ Bucket }))
    await s3.send(new PutBucketVersioningCommand({ Bucket, VersioningConfiguration: { Status: 'Enabled' } }))
    await s3.send(new PutBucketPolicyCommand({ Bucket, Policy: JSON.stringify(bucketPolicy(role, Bucket, users)) }))
  }
  const seen = {
    incoming: createObjectBucket(s3, names.incoming),
    clean: createObjectBucket(s3, names.clean),
    quarantine: createObjectBucket(s3, names.quarantine),
    archive: createObjectBucket(s3, names.archive),
    roster: createObjectBucket(s3, names.roster),
  }
  const listAll = async (role: PolicyRole): Promise<StoredObject[]> => {
    const versions: StoredObject[] = []
    for await (const version of seen[role].allVersions()) versions.push(version)
    return versions
  }
  return {
    names,
    seen,
    listAll,
    put: async (role, key, content) => {
      await s3.send(new PutObjectCommand({ Bucket: names[role], Key: key, Body: content }))
    },
    close: () => s3.destroy(),
  }
}
