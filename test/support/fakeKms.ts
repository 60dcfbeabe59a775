/**
 * Stands in for AWS KMS, which cannot be had on a bare machine: a real HTTP server that speaks the calls of the KMS JSON protocol that
 * Hallpass makes, with real keys and real encryption behind them. The AWS SDK in front of it is the real one. What it does not show:
 * IAM, throttling, key policies, AWS's delays before a new alias is seen everywhere.
 */
import { createCipheriv, createDecipheriv, generateKeyPairSync, randomBytes, randomUUID } from 'node:crypto'
import type { KeyObject } from 'node:crypto'
import { once } from 'node:events'
import { createServer } from 'node:http'
import type { IncomingMessage } from 'node:http'
import type { AddressInfo } from 'node:net'
import { text } from 'node:stream/consumers'
import { z } from 'zod'
import { signDigest } from './signDigest.ts'

type FakeKey = {
  id: string
  usage: string
  secret: Buffer
  pair: { privateKey: KeyObject; publicKey: KeyObject }
  state: string
  rotates: boolean
}

export type FakeKms = {
  endpoint: string
  keys: ReadonlyMap<string, FakeKey>
  aliases: ReadonlyMap<string, string>
  /** The next so many requests answer this fault instead. */
  failNext(times: number, fault: { status: number; type: string }): void
  /** The names of the calls made so far. */
  calls: string[]
  stop(): Promise<void>
}

class KmsFault extends Error {
  readonly status: number
  constructor(type: string, status = 400) {
    super(type)
    this.status = status
  }
}

const requestSchema = z.object({
  KeyId: z.string().default(''),
  KeySpec: z.string().default(''),
  KeyUsage: z.string().default(''),
  AliasName: z.string().default(''),
  TargetKeyId: z.string().default(''),
  EncryptionContext: z.record(z.string(), z.string()).default({}),
  SourceKeyId: z.string().default(''),
  SourceEncryptionContext: z.record(z.string(), z.string()).default({}),
  DestinationKeyId: z.string().default(''),
  DestinationEncryptionContext: z.record(z.string(), z.string()).default({}),
  CiphertextBlob: z.base64().default(''),
  Message: z.base64().default(''),
  MessageType: z.string().default(''),
  SigningAlgorithm: z.string().default(''),
  PendingWindowInDays: z.number().default(0),
})
type KmsRequest = z.infer<typeof requestSchema>

const contextBytes = (context: KmsRequest['EncryptionContext']): Buffer =>
  Buffer.from(JSON.stringify(Object.entries(context).toSorted(([one], [other]) => (one < other ? -1 : 1))))

/** Ciphertext blob: key id (36 characters) · nonce (12) · ciphertext (32) · tag (16). */
const wrap = (key: FakeKey, associatedData: Buffer, plaintext: Buffer): Buffer => {
  const nonce = randomBytes(12)
  const cipher = createCipheriv('aes-256-gcm', key.secret, nonce).setAAD(associatedData)
  const body = Buffer.concat([cipher.update(plaintext), cipher.final()])
  return Buffer.concat([Buffer.from(key.id), nonce, body, cipher.getAuthTag()])
}

const unwrap = (key: FakeKey, associatedData: Buffer, blob: Buffer): Buffer => {
  const decipher = createDecipheriv('aes-256-gcm', key.secret, blob.subarray(36, 48)).setAAD(associatedData).setAuthTag(blob.subarray(-16))
  try {
    return Buffer.concat([decipher.update(blob.subarray(48, -16)), decipher.final()])
  } catch {
    throw new KmsFault('InvalidCiphertextException')
  }
}

const createCalls = (keys: Map<string, FakeKey>, aliases: Map<string, string>): Record<string, (request: KmsRequest) => object> => {
  const find = (keyId: string): FakeKey => {
    const key = keys.get(aliases.get(keyId) ?? keyId)
    if (!key) throw new KmsFault('NotFoundException')
    return key
  }
  const usable = (keyId: string, usage: string): FakeKey => {
    const key = find(keyId)
    if (key.state !== 'Enabled') throw new KmsFault('KMSInvalidStateException')
    if (key.usage !== usage) throw new KmsFault('InvalidKeyUsageException')
    return key
  }
  const open = (keyId: string, ciphertext: string, context: KmsRequest['EncryptionContext']): { key: FakeKey; plaintext: Buffer } => {
    const blob = Buffer.from(ciphertext, 'base64')
    const named = usable(keyId, 'ENCRYPT_DECRYPT')
    const key = keys.get(blob.toString('utf8', 0, 36))
    if (!key || blob.length !== 96) throw new KmsFault('InvalidCiphertextException')
    if (key.id !== named.id) throw new KmsFault('IncorrectKeyException')
    return { key, plaintext: unwrap(key, contextBytes(context), blob) }
  }
  return {
    CreateKey: ({ KeyUsage }) => {
      const pair = generateKeyPairSync('ec', { namedCurve: 'P-256' })
      const key = { id: randomUUID(), usage: KeyUsage, secret: randomBytes(32), pair, state: 'Enabled', rotates: false }
      keys.set(key.id, key)
      return { KeyMetadata: { KeyId: key.id, KeyUsage } }
    },
    CreateAlias: ({ AliasName, TargetKeyId }) => {
      if (aliases.has(AliasName)) throw new KmsFault('AlreadyExistsException')
      aliases.set(AliasName, find(TargetKeyId).id)
      return {}
    },
    EnableKeyRotation: ({ KeyId }) => {
      usable(KeyId, 'ENCRYPT_DECRYPT').rotates = true
      return {}
    },
    ScheduleKeyDeletion: ({ KeyId }) => {
      find(KeyId).state = 'PendingDeletion'
      return { KeyId }
    },
    DescribeKey: ({ KeyId }) => ({ KeyMetadata: { KeyId: find(KeyId).id, KeyUsage: find(KeyId).usage } }),
    GenerateDataKey: (request) => {
      const key = usable(request.KeyId, 'ENCRYPT_DECRYPT')
      const plaintext = randomBytes(32)
      const blob = wrap(key, contextBytes(request.EncryptionContext), plaintext)
      return { KeyId: key.id, Plaintext: plaintext.toString('base64'), CiphertextBlob: blob.toString('base64') }
    },
    Decrypt: ({ KeyId, CiphertextBlob, EncryptionContext }) => {
      const { key, plaintext } = open(KeyId, CiphertextBlob, EncryptionContext)
      return { KeyId: key.id, Plaintext: plaintext.toString('base64') }
    },
    ReEncrypt: (request) => {
      const { key: source, plaintext } = open(request.SourceKeyId, request.CiphertextBlob, request.SourceEncryptionContext)
      const key = usable(request.DestinationKeyId, 'ENCRYPT_DECRYPT')
      const blob = wrap(key, contextBytes(request.DestinationEncryptionContext), plaintext)
      return { KeyId: key.id, SourceKeyId: source.id, CiphertextBlob: blob.toString('base64') }
    },
    Sign: ({ KeyId, Message, MessageType, SigningAlgorithm }) => {
      const key = usable(KeyId, 'SIGN_VERIFY')
      const digest = Buffer.from(Message, 'base64')
      if (MessageType !== 'DIGEST' || SigningAlgorithm !== 'ECDSA_SHA_256' || digest.length !== 32)
        throw new KmsFault('ValidationException')
      return { KeyId: key.id, Signature: signDigest(key.pair.privateKey, digest).toString('base64') }
    },
    GetPublicKey: ({ KeyId }) => {
      const key = find(KeyId)
      if (key.usage !== 'SIGN_VERIFY') throw new KmsFault('UnsupportedOperationException')
      return { KeyId: key.id, PublicKey: key.pair.publicKey.export({ format: 'der', type: 'spki' }).toString('base64') }
    },
  }
}

const answer = async (
  request: IncomingMessage,
  calls: ReturnType<typeof createCalls>,
  noteCall: (name: string) => void,
): Promise<object> => {
  const body = await text(request)
  const name = String(request.headers['x-amz-target']).replace(/^TrentService\./, '')
  noteCall(name)
  if (!/^AWS4-HMAC-SHA256 Credential=[^/]+\/\d{8}\/us-east-1\/kms\/aws4_request, /.test(request.headers.authorization ?? '')) {
    throw new KmsFault('IncompleteSignatureException')
  }
  const call = calls[name]
  if (!call) throw new KmsFault('UnknownOperationException')
  return call(requestSchema.parse(JSON.parse(body)))
}

/** Starts the server on loopback. */
export const startFakeKms = async (): Promise<FakeKms> => {
  const keys = new Map<string, FakeKey>()
  const aliases = new Map<string, string>()
  const made: string[] = []
  const faults: KmsFault[] = []
  const calls = createCalls(keys, aliases)
  const answerOrFail = async (request: IncomingMessage): Promise<{ status: number; body: object }> => {
    try {
      const body = await answer(request, calls, (name) => made.push(name))
      const fault = faults.shift()
      if (fault) throw fault
      return { status: 200, body }
    } catch (error) {
      const fault = error instanceof KmsFault ? error : new KmsFault('ValidationException')
      return { status: fault.status, body: { __type: fault.message, message: fault.message } }
    }
  }
  const server = createServer((request, response) => {
    const reply = async (): Promise<void> => {
      const { status, body } = await answerOrFail(request)
      response.writeHead(status, { 'content-type': 'application/x-amz-json-1.1' }).end(JSON.stringify(body))
    }
    void reply()
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  return {
    endpoint: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    keys,
    aliases,
    calls: made,
    failNext: (times, { status, type }) => faults.push(...Array.from({ length: times }, () => new KmsFault(type, status))),
    async stop() {
      server.close()
      server.closeAllConnections()
      await once(server, 'close')
    },
  }
}
