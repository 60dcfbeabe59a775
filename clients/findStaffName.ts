import { userInfo } from 'node:os'

/** Who types a command, for the audit log: the account it runs as, and whoever turned into that account by `sudo`. */
export const findStaffName = (variables: NodeJS.ProcessEnv = process.env, account: string = userInfo().username): string => {
  const before = variables['SUDO_USER'] ?? ''
  return /^[\w.-]{1,64}$/.test(before) && before !== account ? `${before} as ${account}` : account
}
