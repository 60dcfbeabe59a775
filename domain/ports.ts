/**
 * The narrow interfaces of the systems outside this process. Adapters live in `clients/`; nothing
 * here performs I/O. Every method rejects when the outside system cannot be reached: an outage is
 * never an answer (law 4).
 */
import type { Readable } from 'node:stream'

/** What a wrapped key was made for; bound into the ciphertext as associated data or KMS encryption context. */
export type KeyContext = Readonly<Record<string, string>>

export type GeneratedDataKey = {
  /** 32 bytes, AES-256. Never stored. */
  plaintext: Buffer
  /** The same key, encrypted under the named key of the key service. */
  wrapped: Buffer
}

/**
 * The key service: AWS KMS in production, a local key file in the stack. A `keyName` is
 * `district/{districtId}`, `safety`, `fleet/payloads` or `audit/{districtId}`.
 */
export type KeyService = {
  /** Creates the named encryption key if it does not exist. Safe to call twice. */
  ensureKey(keyName: string, purpose: 'encrypt' | 'sign'): Promise<void>
  generateDataKey(keyName: string, context: KeyContext): Promise<GeneratedDataKey>
  /** @throws when the key is unknown or the context differs from the one it was wrapped with. */
  unwrapDataKey(keyName: string, wrapped: Buffer, context: KeyContext): Promise<Buffer>
  /**
   * The same data key, wrapped by the newest version of the named key; the data key itself does not leave the key service.
   * @throws when the key is unknown or the context differs from the one it was wrapped with.
   */
  rewrapDataKey(keyName: string, wrapped: Buffer, context: KeyContext): Promise<Buffer>
  /** ECDSA P-256 with SHA-256 over `message`, DER encoded. */
  sign(keyName: string, message: Buffer): Promise<Buffer>
  /** SubjectPublicKeyInfo, PEM: what `audit:verify` needs and all that it needs. */
  publicKey(keyName: string): Promise<string>
}

/** The bytes of an object, or of a part of it. `bytes` is how many there are: the stream fails rather than end with more or fewer. */
export type ObjectBody = Readable & { readonly bytes: number }

export type StoredObject = { key: string; versionId: string; bytes: number; lastModified: Date }

export type BucketRole = 'incoming' | 'clean' | 'quarantine'

/**
 * One bucket seen with one credential. A credential that lacks a right rejects with the store's
 * `AccessDenied`; the adapter adds no right of its own.
 */
export type ObjectBucket = {
  readonly bucket: string
  /** Newest first; empty when the key does not exist. Delete markers are left out. */
  listVersions(key: string): Promise<StoredObject[]>
  /** Every object version in the bucket, page by page, in the order of their keys, of keys behind `afterKey` when one is given. */
  allVersions(afterKey?: string): AsyncIterable<StoredObject>
  /** Every object version whose key begins so, in the order of their keys, of one key the newest first. */
  versionsUnder(prefix: string): AsyncIterable<StoredObject>
  /** @throws NoSuchVersion when the version is gone. */
  read(key: string, options?: { versionId?: string; range?: ByteRange; signal?: AbortSignal }): Promise<ObjectBody>
  /** Uploads the stream; on failure nothing remains but parts, which the sweeper aborts. */
  write(key: string, body: Readable, options?: { signal?: AbortSignal }): Promise<{ versionId: string | null }>
  /** Deletes every version and delete marker of the key. Answers how many were deleted. */
  deleteAllVersions(key: string): Promise<number>
  deleteVersion(key: string, versionId: string): Promise<void>
  /** Aborts multipart uploads started before `before`. Answers how many. */
  abortMultipartUploads(before: Date): Promise<number>
}

/** Inclusive byte offsets, as in RFC 9110 `Range`. */
export type ByteRange = { first: number; last: number }

/** A pre-signed POST as the browser's form needs it. */
export type UploadTicket = {
  url: string
  fields: Record<string, string>
  expiresAt: Date
}

export type UploadSigner = {
  /** Signs a POST policy: exact key, exact content type, `content-length-range` 1..bytes, expiry. */
  signUpload(upload: { key: string; contentType: string; bytesMax: number; expiresInSeconds: number }): Promise<UploadTicket>
}

/** What the engine itself said of one stream. Only these three; everything else rejects. */
export type ScanAnswer =
  | { result: 'ok'; engine: EngineVersion }
  | { result: 'found'; signature: string; engine: EngineVersion }
  /** The engine says that it did not look at everything (its limits, encryption). Never "clean". */
  | { result: 'not-inspected'; signature: string; engine: EngineVersion }

/** From clamd `VERSION`: `ClamAV 1.4.6/27470/…`; `databaseVersion` is the daily number, or 'local' when it has none. */
export type EngineVersion = {
  engine: string
  databaseVersion: string
  /** When the daily signatures were published; absent when they have no number and no date. */
  databasePublishedAt?: Date
}

export type VirusScanner = {
  /**
   * Streams `body` through the engine. Resolves `ok` only for exactly `stream: OK` from an engine
   * whose probe passed on this very configuration, and only if the engine was sent `bytes` bytes.
   * Rejects on every fault: connect, reset, timeout, garbage, short stream, unproven engine.
   */
  scan(body: Readable, options: { bytes: number; signal?: AbortSignal }): Promise<ScanAnswer>
  /** Proves that the engine carries our flags. Rejects with `ScannerMisconfigured` when it answers otherwise. */
  probe(): Promise<EngineVersion>
}

/**
 * `id` names what is told, and is made of ids only: the same news sent twice carries one Message-ID (RFC 5322, 3.6.4), so that a mailbox can
 * see that it is one mail.
 */
/** The way that a browser takes: ticket, pre-signed POST, completion, over HTTP. */
export type FrontDoor = {
  /** Rejects when a step is not taken. The same `idempotencyKey` is the same attachment. */
  send(upload: {
    token: string
    channelId: string
    fileName: string
    contentType: string
    content: Buffer
    idempotencyKey: string
  }): Promise<{ attachmentId: string }>
}

export type Mail = {
  id: string
  to: string
  subject: string
  text: string
  /** Where the reader’s mail program ends such mails with one click (RFC 8058). */
  unsubscribeUrl?: string
  /** Whose address it is: by these ids a bounce is known again. */
  recipient: Recipient
}
export type Recipient = { districtId: string; userId: string }
export type Mailer = { send(mail: Mail): Promise<void> }

/** A message of a queue. It comes again until it is removed by its `receipt`. */
export type QueuedMessage = { body: string; receipt: string }
/** What mail servers say of mails after they took them: bounces and complaints. */
export type FeedbackQueue = { receive(): Promise<QueuedMessage[]>; remove(receipt: string): Promise<void> }

/** A text message to one phone; `to` is E.164. `id` names what is told, as a mail's does. No provider knows by it that it was sent before. */
export type Sms = { id: string; to: string; text: string }
export type SmsSender = { send(sms: Sms): Promise<void> }

/** PagerDuty Events API v2: `dedupKey` ≤ 255 characters, `summary` ≤ 1,024, no content, no child's data. */
export type Alert = {
  action: 'trigger' | 'resolve'
  dedupKey: string
  severity: 'critical' | 'error' | 'warning' | 'info'
  summary: string
  source: string
  component: string
  /** The page of `docs/runbooks/` that says what to do, without its ending. */
  runbook: string
  /** Ids, counts and enums only. */
  details: Readonly<Record<string, string | number | boolean>>
  links?: ReadonlyArray<{ href: string; text: string }>
}
export type Pager = { raise(alert: Alert): Promise<void> }

/** A piece of text and its languages, as the provider names them (`domain/translation/languages.ts`). */
export type TranslationRequest = {
  /** Not empty, at most 10,000 bytes of UTF-8. */
  text: string
  /** Never `auto`: what AWS detects, it may detect in another region. */
  source: string
  target: string
  /** Only for the languages that the provider has it for; the adapter leaves it out of the others. */
  formality?: 'formal' | 'informal'
  /** Whether the provider writes something else for profane words. */
  isProfanityMasked?: boolean
  signal?: AbortSignal
}
export type Translator = {
  /** What a reader is told that a translation is by. */
  readonly provider: string
  /** @throws TranslatorUnavailable, TranslationImpossible, TranslatorMisconfigured */
  translate(request: TranslationRequest): Promise<string>
}
