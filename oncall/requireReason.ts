import { WrongUse } from './wrongUse.ts'

/** Nothing is changed without a reason. @throws {WrongUse} */
export const requireReason = ({ apply, reason }: { apply: boolean; reason?: string | undefined }): void => {
  if (apply && reason === undefined)
    throw new WrongUse(
      '--apply needs --reason: why, in at most 500 characters. It stands in the audit log; name no person and quote no file',
    )
}
