import { hostname, userInfo } from 'node:os'
import { findStaffName } from '../clients/findStaffName.ts'
import type { AuditOrigin } from '../db/queries/recordAudit.ts'

/** Who types the command: the account that it runs as, whoever turned into that account by `sudo`, and on which machine. */
export type Operator = { name: string; account: string; sudoUser: string | null; host: string }

/** `SUDO_USER` is taken only in the form of an account's name: it may be set to anything. */
export const findOperator = (variables: NodeJS.ProcessEnv = process.env): Operator => {
  const account = userInfo().username
  const sudoUser = variables['SUDO_USER'] ?? ''
  return {
    name: findStaffName(variables, account),
    account,
    sudoUser: /^[\w.-]{1,64}$/.test(sudoUser) ? sudoUser : null,
    host: hostname(),
  }
}

/** What each row of the audit log that a command leaves says of where it comes from. */
export const toOrigin = (
  { operator, commandLine }: { operator: Operator; commandLine: string },
  reason: string | undefined,
): AuditOrigin & { details: NonNullable<AuditOrigin['details']> } => ({
  actor: { kind: 'staff', name: operator.name },
  ...(reason === undefined ? {} : { reason }),
  details: { account: operator.account, sudoUser: operator.sudoUser, host: operator.host, command: commandLine },
})
