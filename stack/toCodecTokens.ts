import { createHash } from 'node:crypto'
import { userInfo } from 'node:os'

/** `CODEC_TOKENS` of one engineer: whoever runs the stack, or `stack` when that account's name would not do. */
export const toCodecTokens = (token: string, account: string = userInfo().username): string => {
  const engineer = /^[\w.-]{1,64}$/.test(account) ? account : 'stack'
  return `${engineer}:${createHash('sha256').update(token).digest('hex')}`
}
