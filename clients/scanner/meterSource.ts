import { once } from 'node:events'
import type { Duplex, Readable } from 'node:stream'
import { ScanSourceBroken } from '../../domain/scannerFault.ts'
import type { SourceWait } from './sourceWait.ts'

/**
 * Yields `body` in order while `sink` keeps up (clamscan itself knows no back-pressure), and throws
 * ScanSourceBroken instead of ending unless exactly `bytes` bytes went by: a short stream must never
 * reach the engine's end mark, which is what a verdict is about. `onChunk` is told of each chunk's size, and `wait`
 * of the time that `body` takes.
 */
export async function* meterSource(
  body: Readable,
  bytes: number,
  { sink, signal, wait, onChunk }: { sink: Duplex; signal: AbortSignal; wait: SourceWait; onChunk: (bytes: number) => void },
) {
  let sent = 0
  wait.began()
  // Without `destroyOnReturn: false` our own throw would reach listeners of `body` as an AbortError, and first.
  for await (const chunk of body.iterator({ destroyOnReturn: false }) as AsyncIterable<Buffer | string>) {
    wait.ended()
    const piece = typeof chunk === 'string' ? Buffer.from(chunk) : chunk
    // An empty chunk would be framed as the end mark.
    if (piece.length === 0) {
      wait.began()
      continue
    }
    sent += piece.length
    if (sent > bytes) throw new ScanSourceBroken('the stream is longer than it was said to be')
    onChunk(piece.length)
    yield piece
    if (sink.writableNeedDrain) await once(sink, 'drain', { signal })
    wait.began()
  }
  wait.ended()
  if (sent !== bytes) throw new ScanSourceBroken('the stream ended early')
}
