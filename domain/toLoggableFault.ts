/** An error and those that caused it, the outermost first; at most five, since a chain may be a ring. */
export const toChain = (error: unknown): Error[] => {
  const chain: Error[] = []
  let link = error
  while (link instanceof Error && chain.length < 5) {
    chain.push(link)
    link = link.cause
  }
  return chain
}

/** A code that says what kind of fault it is, such as `ECONNREFUSED` or an SQLSTATE; undefined when it has none. Anything longer or stranger is not repeated. */
export const findFaultCode = (error: Error): string | undefined =>
  'code' in error && typeof error.code === 'string' && /^[A-Z0-9_]{1,40}$/.test(error.code) ? error.code : undefined

const framesMax = 8

/** A stack repeats messages, its own and those of causes, and they may hold lines that look like frames: they are cut out first. */
const framesOf = (error: Error, messages: readonly string[]): string[] => {
  const stack = error.stack ?? ''
  // A message that was changed since the stack was taken can no longer be told from the frames.
  if (!stack.includes(error.message)) return []
  const ownAt = stack.indexOf(error.message) + error.message.length
  const frames = messages
    .filter((message) => message.includes('\n'))
    .reduce((left, message) => left.replaceAll(message, ''), stack.slice(ownAt))
  return frames
    .split('\n')
    .filter((line) => /^\s+at /.test(line))
    .slice(0, framesMax)
    .map((line) => line.trim())
}

/** What a log, a history or an alert may hold of a fault. */
export type LoggableFault = { name: string; code?: string; frames: string[] }

/**
 * Names, codes and stack frames of an error and its causes, the outermost first. Messages are left out: a driver's message may quote a
 * parameter, and a parameter may be what someone wrote. Of what is no error only its kind is told.
 */
export const toLoggableFault = (error: unknown): [LoggableFault, ...LoggableFault[]] => {
  const [first, ...causes] = toChain(error)
  if (first === undefined) return [{ name: typeof error, frames: [] }]
  const messages = [first, ...causes].map(({ message }) => message)
  const toLoggable = (link: Error): LoggableFault => {
    const code = findFaultCode(link)
    const name = /^[\w.$]{1,80}$/.test(link.name) ? link.name : 'Error'
    return { name, ...(code === undefined ? {} : { code }), frames: framesOf(link, messages) }
  }
  return [toLoggable(first), ...causes.map(toLoggable)]
}
