/** One frame of an event stream. `id` is the last id that the stream has said, with this frame or before. */
export type Frame = { event: string; data: string; id: string | null }

export type FollowedEvents = {
  status: number
  /** The next event, comments left out; null at the end of the stream. */
  next(): Promise<Frame | null>
  /** Every event until the stream ends. */
  rest(): Promise<Frame[]>
  /** What a client that comes back would send as `Last-Event-ID`. */
  lastId(): string | null
  close(): Promise<void>
}

/** Follows server-sent events as a browser does. */
export const followEvents = async (
  url: string,
  token: string,
  { path = '/v1/events', lastId: from = null }: { path?: string; lastId?: string | null } = {},
): Promise<FollowedEvents> => {
  const headers = { Authorization: `Bearer ${token}`, ...(from === null ? {} : { 'Last-Event-ID': from }) }
  const response = await fetch(`${url}${path}`, { headers })
  const reader = response.body?.pipeThrough(new TextDecoderStream()).getReader()
  let buffered = ''
  let lastId: string | null = from
  const nextBlock = async (): Promise<string | null> => {
    while (!buffered.includes('\n\n')) {
      const { done, value } = (await reader?.read().catch(() => undefined)) ?? { done: true, value: undefined }
      if (done) return null
      buffered += value
    }
    const end = buffered.indexOf('\n\n')
    const block = buffered.slice(0, end)
    buffered = buffered.slice(end + 2)
    return block
  }
  const next = async (): Promise<Frame | null> => {
    for (let block = await nextBlock(); block !== null; block = await nextBlock()) {
      lastId = /^id: (.*)$/m.exec(block)?.[1] ?? lastId
      const event = /^event: (.*)$/m.exec(block)?.[1]
      if (event !== undefined) return { event, data: /^data: (.*)$/m.exec(block)?.[1] ?? '', id: lastId }
    }
    return null
  }
  return {
    status: response.status,
    next,
    rest: async () => {
      const frames: Frame[] = []
      for (let frame = await next(); frame !== null; frame = await next()) frames.push(frame)
      return frames
    },
    lastId: () => lastId,
    close: async () => reader?.cancel().catch(() => undefined),
  }
}
