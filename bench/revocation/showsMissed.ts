/** After `ready` at once comes what was missed, if anything; when nothing has come for so long nothing does. */
const quietMs = 250

type Stream = { apiUrl: string; token: string; sinceId?: string }

/** Follows somebody's events until `isEnough` of what came, or the quiet after `ready`. Answers what came. */
const followUntil = async ({ apiUrl, token, sinceId }: Stream, isEnough: (text: string) => boolean): Promise<string> => {
  const closing = new AbortController()
  const headers = { Authorization: `Bearer ${token}`, ...(sinceId === undefined ? {} : { 'Last-Event-ID': sinceId }) }
  let text = ''
  let quiet: NodeJS.Timeout | undefined
  try {
    const answer = await fetch(`${apiUrl}/v1/events`, { headers, signal: closing.signal })
    if (answer.status !== 200 || answer.body === null) throw new Error(`an event stream was answered with HTTP ${answer.status}`)
    for await (const chunk of answer.body.pipeThrough(new TextDecoderStream())) {
      text += chunk
      if (isEnough(text)) break
      if (text.includes('event: reset')) break
      if (text.includes('event: ready')) quiet ??= setTimeout(() => closing.abort(), quietMs)
    }
  } catch (error) {
    if (!closing.signal.aborted) throw error
  } finally {
    clearTimeout(quiet)
    closing.abort()
  }
  return text
}

/** The id from which everything is told from now on. */
export const findEventsId = async (stream: Stream): Promise<string> => {
  const [, id] = /^id: (.+)$/m.exec(await followUntil(stream, (text) => /^id: .+$/m.test(text))) ?? []
  if (id === undefined) throw new Error('an event stream said no id')
  return id
}

/** Whether an event stream that is taken up again tells of something that happened since. @throws when too much was missed to be told one by one. */
export const showsMissed = async ({ subjectId, ...stream }: Stream & { subjectId: string }): Promise<boolean> => {
  const text = await followUntil(stream, (came) => came.includes(subjectId))
  if (text.includes('event: reset')) throw new Error('too much was missed')
  return text.includes(subjectId)
}
