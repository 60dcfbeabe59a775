/** The version that was asked for does not exist, or no more. */
export class NoSuchVersion extends Error {
  override readonly name = 'NoSuchVersion'
  constructor(options: { cause: unknown }) {
    super('the object has no such version', options)
  }
}

/** Whether an answer to a request with a version id means that it is gone: S3 says NoSuchVersion or NoSuchKey, versitygw also InvalidArgument. */
export const isGoneVersion = (error: unknown): boolean =>
  error instanceof Error &&
  (['NoSuchVersion', 'NoSuchKey', 'NotFound'].includes(error.name) ||
    (error.name === 'InvalidArgument' && /version id/i.test(error.message)))
