/** Faults of what we stand on: which of them pass by themselves, and how one is logged without what people wrote. */

/**
 * Postgres: out of time (57014), lock not got (55P03), serialisation and deadlock (40001, 40P01), shutting down or starting (57P0x),
 * no connection (08xxx, 53300). The rest: the socket.
 */
const passingCodes = /^(57014|55P03|40001|40P01|57P0[123]|08\w{3}|53300|ECONNREFUSED|ECONNRESET|EPIPE|ETIMEDOUT|ENOTFOUND|EAI_AGAIN)$/

const toChain = (error: unknown): Error[] => {
  const chain: Error[] = []
  let link = error
  while (link instanceof Error && chain.length < 5) {
    chain.push(link)
    link = link.cause
  }
  return chain
}

/** The stack begins with the message, which may hold lines that look like frames: cut it off first. */
const framesOf = (error: Error): string[] => {
  const stack = error.stack ?? ''
  const messageAt = stack.indexOf(error.message)
  const frames = messageAt === -1 ? '' : stack.slice(messageAt + error.message.length)
  return frames
    .split('\n')
    .filter((line) => /^\s+at /.test(line))
    .slice(0, 8)
    .map((line) => line.trim())
}

const codeOf = (error: Error): string | undefined => ('code' in error && typeof error.code === 'string' ? error.code : undefined)

/** Whether a statement was cut by its timeout. */
export const isOutOfTime = (error: unknown): boolean => toChain(error).some((link) => codeOf(link) === '57014')

/** Whether repeating the request may help: the answer is 503, not 500. */
export const isPassingFault = (error: unknown): boolean =>
  toChain(error).some(
    (link) =>
      passingCodes.test(codeOf(link) ?? '') || /^(Connection terminated|timeout exceeded when trying to connect)/.test(link.message),
  )

/**
 * Names, codes and stack frames of an error and its causes. Messages are left out: a driver's message may quote
 * a parameter, and a parameter may be what someone wrote.
 */
export const toLoggableFault = (error: unknown): { name: string; code?: string; frames: string[] }[] =>
  toChain(error).map((link) => {
    const code = codeOf(link)
    return { name: link.name, ...(code === undefined ? {} : { code }), frames: framesOf(link) }
  })
