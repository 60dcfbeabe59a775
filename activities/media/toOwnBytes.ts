import { isMarkedAsUntransferable } from 'node:worker_threads'

/** The same bytes in a buffer of their own, which can be given to another thread. Copied only when others share it, or a library owns it. */
export const toOwnBytes = (bytes: Buffer): Uint8Array<ArrayBuffer> => {
  const { buffer, byteLength } = bytes
  const isOwn = buffer instanceof ArrayBuffer && buffer.byteLength === byteLength && !isMarkedAsUntransferable(buffer)
  return isOwn ? new Uint8Array(buffer) : Uint8Array.from(bytes)
}
