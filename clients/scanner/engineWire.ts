import { Duplex } from 'node:stream'
import type net from 'node:net'

const answerBytesMax = 4096
/** For the rest of an answer that began too early to be a verdict, which may say why. */
const earlyAnswerMs = 1_000

/** clamscan's side of one INSTREAM connection, and what we watched go by on it. */
export type EngineWire = {
  stream: Duplex
  /** Everything that the engine sent so far. */
  raw(): string
  /** Bytes that had left us, framing included, when the engine first said something; 0 while it has not. */
  sentBeforeAnswer(): number
}

/**
 * Puts our own hands between clamscan and its socket: clamscan sees a stream that ends only when the engine
 * hung up in order, faults go to `onFault` alone, and writes are pushed back while the kernel is busy. An engine that says something
 * before `bytes` bytes have left us is at fault: clamscan would stop sending, and wait for its end for ever.
 */
export const createEngineWire = (socket: net.Socket, bytes: number, onFault: (cause: unknown) => void): EngineWire => {
  let raw = ''
  let sent = 0
  let sentBeforeAnswer = 0
  const stream = new Duplex({
    highWaterMark: 256 * 1024,
    write(chunk: Buffer, _encoding, done) {
      if (socket.destroyed) return
      socket.write(chunk, (error) => {
        if (error) return onFault(error)
        sent += chunk.length
        done()
      })
    },
    read() {},
  })
  stream.on('error', onFault)
  socket.on('data', (chunk: Buffer) => {
    if (raw === '') {
      sentBeforeAnswer = sent
      if (sent < bytes) setTimeout(() => onFault(new Error('the engine answers before the end')), earlyAnswerMs).unref()
    }
    raw += chunk.toString('latin1')
    if (raw.length > answerBytesMax) onFault(new Error('the engine talks on and on'))
    else if (!stream.destroyed) stream.push(chunk)
  })
  socket.on('end', () => {
    if (!stream.destroyed) stream.push(null)
  })
  socket.on('error', onFault)
  socket.on('close', () => onFault(new Error('the connection is closed')))
  return { stream, raw: () => raw, sentBeforeAnswer: () => sentBeforeAnswer }
}
