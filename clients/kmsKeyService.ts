/**
 * The key service of production: AWS KMS. A key name is the alias `alias/hallpass/{keyName}`; a key context is KMS's encryption
 * context, which KMS authenticates and writes to CloudTrail, so it holds ids and nothing else.
 */
import {
  AlreadyExistsException,
  CreateAliasCommand,
  CreateKeyCommand,
  DecryptCommand,
  DescribeKeyCommand,
  EnableKeyRotationCommand,
  GenerateDataKeyCommand,
  GetPublicKeyCommand,
  KMSClient,
  NotFoundException,
  ReEncryptCommand,
  ScheduleKeyDeletionCommand,
  SignCommand,
} from '@aws-sdk/client-kms'
import type { KMSClientConfig } from '@aws-sdk/client-kms'
import { createHash, createPublicKey } from 'node:crypto'
import type { KeyService } from '../domain/ports.ts'
import { isInternalEndpoint, isResidentEndpoint, isUsRegion } from '../domain/residency.ts'
import { requireKeyName } from './keyName.ts'
import { KeyRefused } from './keyRefused.ts'
import { refusing } from './kmsRefusal.ts'

export type KmsOptions = {
  /** An AWS region in the United States (law 12). */
  region: string
  /** Only for a KMS that is not at AWS's usual address: a VPC endpoint, or this machine. */
  endpoint?: string
  /** Only when the process does not get its credentials from the machine it runs on. */
  credentials?: KMSClientConfig['credentials']
}

/** @throws when the region or the endpoint lies outside the United States, or an endpoint elsewhere than on this machine has no TLS. */
export const openKmsKeyService = ({ region, endpoint, credentials }: KmsOptions): KeyService => {
  if (!isUsRegion(region)) throw new Error('keys stay in the United States: the region is not there')
  if (endpoint !== undefined) requireKmsEndpoint(endpoint)
  const kms = new KMSClient({
    region,
    ...(endpoint !== undefined && { endpoint }),
    ...(credentials !== undefined && { credentials }),
    requestHandler: { connectionTimeout: 2_000, requestTimeout: 5_000 },
  })
  return {
    async ensureKey(keyName, purpose) {
      const alias = toAlias(keyName)
      const usage = purpose === 'encrypt' ? 'ENCRYPT_DECRYPT' : 'SIGN_VERIFY'
      const found = (await findUsage(kms, alias)) ?? (await createKey(kms, alias, usage))
      if (found !== usage) throw new KeyRefused(`the key is not one to ${purpose} with`)
    },
    async generateDataKey(keyName, context) {
      const command = new GenerateDataKeyCommand({ KeyId: toAlias(keyName), KeySpec: 'AES_256', EncryptionContext: { ...context } })
      const { Plaintext, CiphertextBlob } = await refusing(kms.send(command))
      return { plaintext: requireBytes(Plaintext), wrapped: requireBytes(CiphertextBlob) }
    },
    async unwrapDataKey(keyName, wrapped, context) {
      const command = new DecryptCommand({ KeyId: toAlias(keyName), CiphertextBlob: wrapped, EncryptionContext: { ...context } })
      return requireBytes((await refusing(kms.send(command))).Plaintext)
    },
    async rewrapDataKey(keyName, wrapped, context) {
      const [KeyId, EncryptionContext] = [toAlias(keyName), { ...context }]
      const command = new ReEncryptCommand({
        CiphertextBlob: wrapped,
        SourceKeyId: KeyId,
        SourceEncryptionContext: EncryptionContext,
        DestinationKeyId: KeyId,
        DestinationEncryptionContext: EncryptionContext,
      })
      return requireBytes((await refusing(kms.send(command))).CiphertextBlob)
    },
    async sign(keyName, message) {
      // KMS signs at most 4,096 bytes as they are; the digest is what it would sign in any case.
      const Message = createHash('sha256').update(message).digest()
      const command = new SignCommand({ KeyId: toAlias(keyName), Message, MessageType: 'DIGEST', SigningAlgorithm: 'ECDSA_SHA_256' })
      return requireBytes((await refusing(kms.send(command))).Signature)
    },
    async publicKey(keyName) {
      const { PublicKey } = await refusing(kms.send(new GetPublicKeyCommand({ KeyId: toAlias(keyName) })))
      return createPublicKey({ key: requireBytes(PublicKey), format: 'der', type: 'spki' })
        .export({ format: 'pem', type: 'spki' })
        .toString()
    },
  }
}

const toAlias = (keyName: string): string => `alias/hallpass/${requireKeyName(keyName)}`

const requireKmsEndpoint = (endpoint: string): void => {
  const isSafe = isResidentEndpoint(endpoint) && (endpoint.startsWith('https:') || isInternalEndpoint(endpoint))
  if (!isSafe) throw new Error('keys stay in the United States, behind TLS: the endpoint is neither AWS there nor this machine')
}

const requireBytes = (bytes: Uint8Array | undefined): Buffer => {
  if (!bytes || bytes.length === 0) throw new Error('the key service answered without what was asked for')
  return Buffer.from(bytes)
}

/** What the key behind an alias is for; null when there is no such alias. */
const findUsage = async (kms: KMSClient, alias: string): Promise<string | null> => {
  try {
    const { KeyMetadata } = await refusing(kms.send(new DescribeKeyCommand({ KeyId: alias })))
    return KeyMetadata?.KeyUsage ?? null
  } catch (error) {
    if (error instanceof KeyRefused && error.cause instanceof NotFoundException) return null
    throw error
  }
}

/**
 * Makes a key, then names it. Two processes may both make one: the alias picks the winner and the other key, never used, is deleted.
 * A process that dies in between leaves a key without a name, which costs a dollar a month and opens nothing.
 */
const createKey = async (kms: KMSClient, alias: string, usage: 'ENCRYPT_DECRYPT' | 'SIGN_VERIFY'): Promise<string | null> => {
  const spec = usage === 'ENCRYPT_DECRYPT' ? 'SYMMETRIC_DEFAULT' : 'ECC_NIST_P256'
  const { KeyMetadata } = await kms.send(new CreateKeyCommand({ KeySpec: spec, KeyUsage: usage, Description: alias }))
  const KeyId = KeyMetadata?.KeyId
  if (KeyId === undefined) throw new Error('the key service made a key without an id')
  if (usage === 'ENCRYPT_DECRYPT') await kms.send(new EnableKeyRotationCommand({ KeyId }))
  try {
    await kms.send(new CreateAliasCommand({ AliasName: alias, TargetKeyId: KeyId }))
  } catch (error) {
    if (!(error instanceof AlreadyExistsException)) throw error
    await kms.send(new ScheduleKeyDeletionCommand({ KeyId, PendingWindowInDays: 7 }))
  }
  return findUsage(kms, alias)
}
