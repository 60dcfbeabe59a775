import { Readable } from 'node:stream'
import { GetObjectCommand } from '@aws-sdk/client-s3'
import type { S3Client } from '@aws-sdk/client-s3'
import type { ByteRange, ObjectBody } from '../../domain/ports.ts'
import { isGoneVersion, NoSuchVersion } from './noSuchVersion.ts'
import { requireBytes } from './requireBytes.ts'

/**
 * The bytes of one object, one version of it, or a part of it. The stream fails rather than end early.
 * @throws NoSuchVersion when a version is asked for and gone; NoSuchKey, AccessDenied and the rest as the store says.
 */
export const readObject = async (
  client: S3Client,
  bucket: string,
  key: string,
  options: { versionId?: string; range?: ByteRange; signal?: AbortSignal } = {},
): Promise<ObjectBody> => {
  const { versionId, range, signal } = options
  const command = new GetObjectCommand({
    Bucket: bucket,
    Key: key,
    ...(versionId === undefined ? {} : { VersionId: versionId }),
    ...(range === undefined ? {} : { Range: `bytes=${range.first}-${range.last}` }),
  })
  const object = await client.send(command, signal === undefined ? {} : { abortSignal: signal }).catch((cause: unknown) => {
    throw versionId !== undefined && isGoneVersion(cause) ? new NoSuchVersion({ cause }) : cause
  })
  const body = object.Body
  if (!(body instanceof Readable)) throw new Error('the store sent no body')
  const fail = (reason: string): never => {
    body.destroy()
    throw new Error(reason)
  }
  if (object.ContentLength === undefined) return fail('the store does not say how long the object is')
  if (versionId !== undefined && object.VersionId !== undefined && object.VersionId !== versionId)
    return fail('the store sent another version')
  if (range !== undefined && object.ContentRange?.startsWith(`bytes ${range.first}-`) !== true)
    return fail('the store did not send the range')
  return requireBytes(body, object.ContentLength, signal)
}
