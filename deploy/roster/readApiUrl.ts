import { WrongUse } from '../wrongUse.ts'

/** Credentials travel there, so only a machine of its own is spoken to without encryption. @throws WrongUse */
export const readApiUrl = (given: string): string => {
  const url = URL.canParse(given) ? new URL(given) : null
  const isOwn = url?.protocol === 'http:' && ['127.0.0.1', 'localhost', '[::1]'].includes(url.hostname)
  if (
    url === null ||
    (url.protocol !== 'https:' && !isOwn) ||
    url.username !== '' ||
    url.password !== '' ||
    url.search !== '' ||
    url.hash !== ''
  )
    throw new WrongUse('--api must begin with https://, without a user, a query or a fragment')
  return given.replace(/\/+$/, '')
}
